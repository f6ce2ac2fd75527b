//! The items of an attribute: `name`, `name = value`, `name(…)`, and values alone.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, ExprPath, Meta, Token, token};

use crate::ctxt::Ctxt;

use super::literal::{Literal, LiteralKind};
use super::{Text, known};

/// One item with a name.
pub(crate) struct Item {
    pub(crate) name: Ident,
    pub(crate) form: Form,
    pub(crate) family: Family,
}

/// Whose attributes they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// `#[config(…)]`
    Config,
    /// `#[flag(…)]`
    Flag,
}

/// What follows an item's name.
#[derive(Clone)]
pub(crate) enum Form {
    /// Nothing.
    Flag,
    /// `= value`
    Equals(Value),
    /// `(tokens)`
    List(TokenStream),
}

/// A value as written.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) tokens: TokenStream,
    /// What it says, if it is a literal.
    pub(crate) literal: Option<Literal>,
}

/// An item, or a value without a name.
enum Entry {
    Item(Item),
    Value(Value),
}

/// The items of all `#[config(…)]` among the attributes.
pub(crate) fn config_items(ctxt: &Ctxt, attributes: &[Attribute]) -> Vec<Item> {
    items(ctxt, attributes, "config", "an attribute, such as `default = 8080`")
}

/// The items of all `#[flag(…)]` among the attributes.
pub(crate) fn flag_items(ctxt: &Ctxt, attributes: &[Attribute]) -> Vec<Item> {
    let mut items = items(ctxt, attributes, "flag", "an attribute, such as `default = false`");
    items.iter_mut().for_each(|item| item.family = Family::Flag);
    items
}

fn items(ctxt: &Ctxt, attributes: &[Attribute], family: &str, expected: &str) -> Vec<Item> {
    let mut items = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(family)) {
        match &attribute.meta {
            Meta::List(list) if matches!(list.delimiter, syn::MacroDelimiter::Paren(_)) => {
                items.extend(named(ctxt, list.tokens.clone(), expected));
            }
            other => ctxt.error(other, format_args!("attributes stand in parentheses: write `#[{family}(…)]`")),
        }
    }
    items
}

/// The items of a list in which each has a name.
pub(crate) fn named(ctxt: &Ctxt, tokens: TokenStream, expected: &str) -> Vec<Item> {
    let (items, values) = entries(ctxt, tokens);
    for value in values {
        ctxt.error(&value.tokens, format_args!("expected {expected}"));
    }
    items
}

/// The items of a list, and the values that stand in it without a name.
pub(crate) fn entries(ctxt: &Ctxt, tokens: TokenStream) -> (Vec<Item>, Vec<Value>) {
    let (mut items, mut values) = (Vec::new(), Vec::new());
    let parse = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match entry(input) {
                Ok(Entry::Item(item)) => items.push(item),
                Ok(Entry::Value(value)) => values.push(value),
                Err(error) => {
                    ctxt.push(error);
                    skip(input);
                }
            }
            if let Err(error) = separator(input) {
                ctxt.push(error);
            }
        }
        Ok(())
    };
    ctxt.ok(parse.parse2(tokens));
    (items, values)
}

/// The literals of a list without names.
pub(crate) fn literals(ctxt: &Ctxt, tokens: TokenStream, expected: &str) -> Vec<Literal> {
    let mut literals = Vec::new();
    let parse = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match Value::parse(input) {
                Ok(Value { literal: Some(literal), .. }) => literals.push(literal),
                Ok(value) => ctxt.error(&value.tokens, format_args!("expected {expected}")),
                Err(error) => {
                    ctxt.push(error);
                    skip(input);
                }
            }
            if let Err(error) = separator(input) {
                ctxt.push(error);
            }
        }
        Ok(())
    };
    ctxt.ok(parse.parse2(tokens));
    literals
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    if !input.peek(Ident::peek_any) || input.peek(syn::LitBool) {
        return Value::parse(input).map(Entry::Value);
    }
    let name = input.call(Ident::parse_any)?;
    let form = if input.peek(Token![=]) {
        let equals: Token![=] = input.parse()?;
        if ends(input) {
            return Err(syn::Error::new_spanned(quote!(#name #equals), format_args!("`{name} =` needs a value")));
        }
        Form::Equals(Value::parse(input)?)
    } else if input.peek(token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        Form::List(content.parse()?)
    } else {
        Form::Flag
    };
    Ok(Entry::Item(Item { name, form, family: Family::Config }))
}

fn separator(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    if input.peek(Token![,]) {
        return input.parse::<Token![,]>().map(drop);
    }
    let error = input.error("expected `,` before this");
    if !input.peek(Ident::peek_any) {
        skip(input);
        input.parse::<Option<Token![,]>>()?;
    }
    Err(error)
}

/// Skips what is left of an item that could not be read.
fn skip(input: ParseStream<'_>) {
    while !ends(input) && input.parse::<TokenTree>().is_ok() {}
}

fn ends(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}

impl Value {
    /// Reads a value up to the next comma: a literal, an expression that syn reads in its small form, or tokens as they
    /// stand (closures, arrays of expressions, `if`), which the compiler judges.
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if let Some(literal) = Literal::parse(&ahead)?
            && (ends(&ahead) || next_item(&ahead))
        {
            input.advance_to(&ahead);
            return Ok(Self { tokens: literal.tokens.clone(), literal: Some(literal) });
        }
        let ahead = input.fork();
        if let Ok(expression) = ahead.parse::<Expr>()
            && (ends(&ahead) || next_item(&ahead))
        {
            input.advance_to(&ahead);
            return Ok(Self { tokens: expression.into_token_stream(), literal: None });
        }
        let mut tokens = TokenStream::new();
        while !ends(input) {
            tokens.extend([input.parse::<TokenTree>()?]);
        }
        if tokens.is_empty() {
            return Err(input.error("expected a value"));
        }
        Ok(Self { tokens, literal: None })
    }
}

/// Whether another item follows, whose comma was forgotten: `default = 8080 secret`.
fn next_item(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.call(Ident::parse_any).is_ok() && (ends(&ahead) || ahead.peek(Token![=]) || ahead.peek(token::Paren))
}

impl Item {
    /// Says how the attribute is written.
    fn misuse(&self, takes: &str) -> syn::Error {
        let name = &self.name;
        let example = match &*name.to_string() {
            "validate" if takes == "takes a path" => "validate = Self::check",
            name if self.family == Family::Flag => known::flag_example(name),
            name => known::example(name),
        };
        let message = format!("`{name}` {takes}: write `{example}`");
        match &self.form {
            Form::Equals(value) if !value.tokens.is_empty() => syn::Error::new_spanned(&value.tokens, message),
            Form::List(tokens) if !tokens.is_empty() => syn::Error::new_spanned(tokens, message),
            _ => syn::Error::new_spanned(name, message),
        }
    }

    pub(crate) fn flag(&self) -> syn::Result<()> {
        match &self.form {
            Form::Flag => Ok(()),
            _ => Err(self.misuse("stands alone, without a value")),
        }
    }

    pub(crate) fn list(&self) -> syn::Result<TokenStream> {
        match &self.form {
            Form::List(tokens) => Ok(tokens.clone()),
            _ => Err(self.misuse("takes a list in parentheses")),
        }
    }

    pub(crate) fn value(&self) -> syn::Result<Value> {
        match &self.form {
            Form::Equals(value) => Ok(value.clone()),
            _ => Err(self.misuse("takes a value")),
        }
    }

    /// `name` or `name = value`.
    pub(crate) fn flag_or_value(&self) -> syn::Result<Option<Value>> {
        match &self.form {
            Form::Flag => Ok(None),
            Form::Equals(_) => self.value().map(Some),
            Form::List(_) => Err(self.misuse("takes a value after `=`")),
        }
    }

    pub(crate) fn literal(&self) -> syn::Result<Literal> {
        match &self.form {
            Form::Equals(Value { literal: Some(literal), .. }) => Ok(literal.clone()),
            _ => Err(self.misuse("takes a literal")),
        }
    }

    pub(crate) fn string(&self) -> syn::Result<Text> {
        match &self.form {
            Form::Equals(Value { literal: Some(literal), .. }) => literal.string(),
            _ => None,
        }
        .ok_or_else(|| self.misuse("takes a string"))
    }

    /// A string that is not empty.
    pub(crate) fn name(&self) -> syn::Result<Text> {
        let name = self.string()?;
        if name.value().is_empty() {
            return Err(self.misuse("may not be empty"));
        }
        Ok(name)
    }

    pub(crate) fn path(&self) -> syn::Result<TokenStream> {
        let path = match &self.form {
            Form::Equals(Value { tokens, literal: None }) => syn::parse2::<ExprPath>(tokens.clone()).ok(),
            _ => None,
        };
        path.map(ToTokens::into_token_stream).ok_or_else(|| self.misuse("takes a path"))
    }

    /// `computed` or `computed = path`.
    pub(crate) fn flag_or_path(&self) -> syn::Result<Option<TokenStream>> {
        if matches!(self.form, Form::Flag) { Ok(None) } else { self.path().map(Some) }
    }

    /// The names of `env = "X"` and `env = ["X", "Y"]`; none for `env = false`.
    pub(crate) fn names(&self) -> syn::Result<Vec<Text>> {
        let takes = || self.misuse("takes a name, a list of names, or `false`");
        let Form::Equals(Value { literal: Some(literal), .. }) = &self.form else { return Err(takes()) };
        match &literal.kind {
            LiteralKind::Bool(false) => Ok(Vec::new()),
            LiteralKind::Str(_) => Ok(literal.string().into_iter().collect()),
            LiteralKind::List(items) if !items.is_empty() => {
                items.iter().map(|item| item.string().ok_or_else(takes)).collect()
            }
            _ => Err(takes()),
        }
    }

    /// One of several names: `merge = "append"`.
    pub(crate) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> syn::Result<T> {
        let text = self.string()?;
        let found = choices.iter().find(|(name, _)| *name == text.value());
        found.map(|&(_, value)| value).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let message = format!("`{}` is one of {}, not {}", self.name, names.join(", "), text.token());
            syn::Error::new_spanned(&text, message)
        })
    }
}
