//! Literals of attributes: numbers, booleans, strings, `None`, lists and maps of these.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::ParseStream;
use syn::{Lit, LitStr, Token, token};

use super::Text;

/// A literal, with its tokens for messages.
#[derive(Clone)]
pub(crate) struct Literal {
    pub(crate) kind: LiteralKind,
    pub(crate) tokens: TokenStream,
}

/// What a literal says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum LiteralKind {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Str(String),
    List(Vec<Literal>),
    /// `[("key", literal), …]`
    Map(Vec<(String, Literal)>),
}

impl std::fmt::Debug for Literal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.kind.fmt(f)
    }
}

impl PartialEq for Literal {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Literal {
    /// Reads a literal; `None` where something else stands, which may have been read in part.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Option<Self>> {
        if input.peek(Lit) {
            return scalar(input.parse()?, None);
        }
        if input.peek(Token![-]) && input.peek2(Lit) {
            let minus = input.parse()?;
            return scalar(input.parse()?, Some(minus));
        }
        if input.peek(token::Bracket) {
            return list(input);
        }
        let name: Option<Ident> = input.parse()?;
        let null = name.filter(|name| name == "None");
        Ok(null.map(|name| Self { kind: LiteralKind::Null, tokens: name.into_token_stream() }))
    }

    /// The literal as a string, if it is one.
    pub(crate) fn string(&self) -> Option<Text> {
        matches!(self.kind, LiteralKind::Str(_)).then(|| syn::parse2(self.tokens.clone()).ok())?
    }

    /// The literal as written, for messages.
    pub(crate) fn text(&self) -> String {
        match &self.kind {
            LiteralKind::Null => "None".to_owned(),
            LiteralKind::Bool(value) => value.to_string(),
            LiteralKind::Int(value) => value.to_string(),
            LiteralKind::Float(_) => self.tokens.to_string().replace(' ', ""),
            LiteralKind::Str(value) => format!("{value:?}"),
            LiteralKind::List(_) => "a list".to_owned(),
            LiteralKind::Map(_) => "a map".to_owned(),
        }
    }
}

fn scalar(lit: Lit, minus: Option<Token![-]>) -> syn::Result<Option<Literal>> {
    let tokens = quote!(#minus #lit);
    let error = |message: &str| Err(syn::Error::new_spanned(&tokens, message));
    let kind = match &lit {
        Lit::Int(int) if !int.suffix().is_empty() => return error(&suffixed(int.suffix(), int.base10_digits())),
        Lit::Float(float) if !float.suffix().is_empty() => {
            return error(&suffixed(float.suffix(), float.base10_digits()));
        }
        Lit::Int(int) => {
            let digits =
                if minus.is_some() { format!("-{}", int.base10_digits()) } else { int.base10_digits().to_owned() };
            match digits.parse() {
                Ok(value) => LiteralKind::Int(value),
                Err(_) => return error("this number does not fit into 128 bits"),
            }
        }
        Lit::Float(float) => match float.base10_parse::<f64>() {
            Ok(value) if value.is_finite() => LiteralKind::Float(if minus.is_some() { -value } else { value }),
            _ => return error("this number does not fit into an `f64`"),
        },
        _ if minus.is_some() => return Ok(None),
        Lit::Bool(bool) => LiteralKind::Bool(bool.value),
        Lit::Str(text) => LiteralKind::Str(text.value()),
        Lit::Char(char) => LiteralKind::Str(char.value().to_string()),
        _ => return Ok(None),
    };
    Ok(Some(Literal { kind, tokens }))
}

fn suffixed(suffix: &str, digits: &str) -> String {
    format!("the field's type decides, so leave out the suffix `{suffix}`: write `{digits}`")
}

fn list(input: ParseStream<'_>) -> syn::Result<Option<Literal>> {
    let content;
    let bracket = syn::bracketed!(content in input);
    let mut tokens = TokenStream::new();
    let (mut items, mut entries) = (Vec::new(), Vec::new());
    let rest: TokenStream = content.fork().parse()?;
    bracket.surround(&mut tokens, |inner| rest.to_tokens(inner));
    while !content.is_empty() {
        if content.peek(token::Paren) {
            let pair;
            syn::parenthesized!(pair in content);
            let Ok(key) = pair.parse::<LitStr>() else { return Ok(None) };
            if pair.parse::<Token![,]>().is_err() {
                return Ok(None);
            }
            let Some(value) = Literal::parse(&pair)? else { return Ok(None) };
            pair.parse::<Option<Token![,]>>()?;
            if !pair.is_empty() {
                return Ok(None);
            }
            entries.push((key.value(), value));
        } else {
            let Some(item) = Literal::parse(&content)? else { return Ok(None) };
            items.push(item);
        }
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            return Ok(None);
        }
    }
    let kind = match (items.is_empty(), entries.is_empty()) {
        (_, true) => LiteralKind::List(items),
        (true, false) => LiteralKind::Map(entries),
        (false, false) => return Ok(None),
    };
    Ok(Some(Literal { kind, tokens }))
}

#[cfg(test)]
mod tests {
    use super::{Literal, LiteralKind};
    use syn::parse::Parser;

    fn parse(text: &str) -> Option<LiteralKind> {
        let parse = |input: syn::parse::ParseStream<'_>| {
            let literal = Literal::parse(&input.fork())?;
            input.parse::<proc_macro2::TokenStream>()?;
            Ok(literal.map(|literal| literal.kind))
        };
        parse.parse_str(text).unwrap()
    }

    #[test]
    fn scalars() {
        assert_eq!(parse("None"), Some(LiteralKind::Null));
        assert_eq!(parse("true"), Some(LiteralKind::Bool(true)));
        assert_eq!(parse("-1_000"), Some(LiteralKind::Int(-1000)));
        assert_eq!(parse("0xff"), Some(LiteralKind::Int(255)));
        assert_eq!(parse("-0.5"), Some(LiteralKind::Float(-0.5)));
        assert_eq!(parse("\"a\""), Some(LiteralKind::Str("a".to_owned())));
        assert_eq!(parse("r#\"a\"#"), Some(LiteralKind::Str("a".to_owned())));
        assert_eq!(parse("'a'"), Some(LiteralKind::Str("a".to_owned())));
    }

    #[test]
    fn lists_and_maps() {
        assert!(matches!(parse("[]"), Some(LiteralKind::List(items)) if items.is_empty()));
        assert!(matches!(parse("[1, -2,]"), Some(LiteralKind::List(items)) if items.len() == 2));
        assert!(matches!(parse("[(\"a\", 1)]"), Some(LiteralKind::Map(entries)) if entries[0].0 == "a"));
    }

    #[test]
    fn anything_else_is_an_expression() {
        for text in ["LIMIT", "[LIMIT]", "-LIMIT", "b\"a\"", "[(1, 2)]", "vec![1]", "Some(1)", "{ 1 }"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn suffixes_and_huge_numbers_are_refused() {
        for text in ["1u8", "1.0f32", "999999999999999999999999999999999999999999", "1e999"] {
            assert!(Literal::parse.parse_str(text).is_err(), "{text}");
        }
    }
}
