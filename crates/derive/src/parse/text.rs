//! Strings of attributes.

use proc_macro2::{Literal, TokenStream};
use quote::ToTokens;
use syn::LitStr;
use syn::parse::{Parse, ParseStream};

/// A string, with its token for messages.
#[derive(Clone)]
pub(crate) struct Text {
    value: String,
    token: Literal,
}

impl Text {
    pub(crate) fn value(&self) -> String {
        self.value.clone()
    }

    /// The string as written.
    pub(crate) fn token(&self) -> &Literal {
        &self.token
    }
}

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let text: LitStr = input.parse()?;
        Ok(Self { value: text.value(), token: text.token() })
    }
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.token.to_tokens(tokens);
    }
}
