//! One field of a schema:
//!
//! ```text
//! __p::Field { key: "port", segment: "PORT", doc: "TCP port.", kind: <u16 as __p::Setting>::KIND, meta: &__p::Meta { …, ..__p::Meta::NONE } }
//! ```
//!
//! The schema, the build and the visit name a type's trait in the same way, so that the compiler says only once that it
//! is missing.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::ir::{Field, FieldKind};

use super::{at, meta, with};

/// The fields of a struct or a variant, as a static slice.
pub(super) fn fields(fields: &[Field<'_>]) -> TokenStream {
    let fields = fields.iter().map(field);
    quote!(&[#(#fields),*])
}

fn field(field: &Field<'_>) -> TokenStream {
    let (key, segment, doc, ty) = (&field.key, &field.segment, &field.doc, field.ty);
    let kind = match &field.kind {
        FieldKind::Nested { .. } => quote!(<#ty as __p::Nested>::KIND),
        FieldKind::Leaf(leaf) => {
            let ty = leaf.with.as_ref().map_or_else(|| quote!(#ty), |with| with::leaf_type(field, with));
            if leaf.secret {
                quote_spanned!(at(field.ty)=> __p::secret::<#ty>())
            } else {
                quote!(<#ty as __p::Setting>::KIND)
            }
        }
        FieldKind::Computed { .. } => quote!(<#ty as __p::Setting>::KIND),
    };
    let meta = meta::meta(field);
    quote!(__p::Field { key: #key, segment: #segment, doc: #doc, kind: #kind, meta: #meta })
}
