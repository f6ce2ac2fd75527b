//! What a struct of flags has besides:
//!
//! ```text
//! impl Features {
//!     #[doc = "The flag `new_dashboard`."]
//!     pub const NEW_DASHBOARD: __p::Key<Self, __p::bool> = __p::Key::new(0);
//!     #[doc = "Evaluates …"]
//!     pub fn evaluate(flags: &impl __p::Resolve<Self>, context: &__p::Context<'_>) -> Self { … }
//! }
//! impl __p::FlagStruct for Features {
//!     fn resolve(flags: &impl __p::Resolve<Self>, context: &__p::Context<'_>) -> Self {
//!         Self { new_dashboard: __p::get(flags, Self::NEW_DASHBOARD, context), … }
//!     }
//! }
//! const _: () = __p::check_choice(__p::Some(<Layout as __p::ConfigEnum>::CHOICES), "wide");
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Fields, Type};

use crate::check::path_constant;
use crate::ir::{FlagDefault, FlagField, FlagType};

use super::at;
use super::flags::kind;

pub(super) fn items(input: &DeriveInput, fields: &[FlagField<'_>]) -> TokenStream {
    let constants = fields.iter().enumerate().map(|(index, field)| {
        let (vis, constant, kind) = (field.vis, &field.constant, kind(field.ty));
        let doc = format!("The flag `{}`.", field.flag.key);
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        // At the type, so that one without choices is reported there.
        let key = quote_spanned!(place(field)=> __p::Key::new(#index));
        quote!(#[doc = #doc] #vis const #constant: __p::Key<Self, #kind> = #key;)
    });
    let values = fields.iter().map(|field| {
        let (ident, constant) = (field.flag.ident, &field.constant);
        quote_spanned!(place(field)=> #ident: __p::get(flags, Self::#constant, context))
    });
    let checks = fields.iter().filter_map(|field| match (field.ty, &field.flag.default) {
        (FlagType::Choice(ty), FlagDefault::Str(text)) => Some(quote_spanned! {at(text)=>
            const _: () = __p::check_choice(__p::Some(<#ty as __p::ConfigEnum>::CHOICES), #text);
        }),
        _ => None,
    });
    let items = with_constants(input, &quote!(#(#constants)*), &quote!(Self { #(#values),* }));
    quote!(#items #(#checks)*)
}

/// The same for a struct with mistakes.
pub(super) fn placeholder(input: &DeriveInput) -> TokenStream {
    let mut names: Vec<Ident> = Vec::new();
    let mut constants = TokenStream::new();
    if let Data::Struct(data) = &input.data
        && let Fields::Named(fields) = &data.fields
    {
        for field in &fields.named {
            let Some(ident) = &field.ident else { continue };
            let (vis, name) = (&field.vis, Ident::new(&path_constant(ident), ident.span()));
            if !names.contains(&name) {
                let kind = kind(guess(&field.ty));
                constants
                    .extend(quote!(#[doc = ""] #vis const #name: __p::Key<Self, #kind> = __p::Key::placeholder();));
                names.push(name);
            }
        }
    }
    with_constants(input, &constants, &quote!(loop {}))
}

fn place(field: &FlagField<'_>) -> Span {
    match field.ty {
        FlagType::Choice(ty) => at(ty),
        _ => Span::call_site(),
    }
}

/// The type of a flag, where it may be none.
fn guess(ty: &Type) -> FlagType<'_> {
    let Type::Path(path) = ty else { return FlagType::Bool };
    let is = |name: &str| path.path.is_ident(name);
    match (is("i64"), is("f64"), is("String")) {
        (true, ..) => FlagType::Int,
        (_, true, _) => FlagType::Float,
        (.., true) => FlagType::Str,
        _ => FlagType::Bool,
    }
}

fn with_constants(input: &DeriveInput, constants: &TokenStream, value: &TokenStream) -> TokenStream {
    let (ident, vis) = (&input.ident, &input.vis);
    quote! {
        #[automatically_derived]
        impl #ident {
            #constants
            #[doc = "Evaluates every flag for one context, by a set, a snapshot, or one of these bound to this list (`Typed`)."]
            #vis fn evaluate(flags: &impl __p::Resolve<Self>, context: &__p::Context<'_>) -> Self {
                <Self as __p::FlagStruct>::resolve(flags, context)
            }
        }
        #[automatically_derived]
        impl __p::FlagStruct for #ident {
            fn resolve(flags: &impl __p::Resolve<Self>, context: &__p::Context<'_>) -> Self { #value }
        }
    }
}
