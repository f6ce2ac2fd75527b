//! One field of a schema:
//!
//! ```text
//! __p::Field { key: "port", segment: "PORT", doc: "TCP port.", kind: __p::leaf::<u16>(), meta: &__p::Meta { …, ..__p::Meta::NONE } }
//! ```

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
    let span = at(ty);
    let kind = match &field.kind {
        FieldKind::Nested { .. } => quote_spanned!(span=> __p::nested::<#ty>()),
        FieldKind::Leaf(leaf) => {
            let ty = leaf.with.as_ref().map_or_else(|| quote!(#ty), |with| with::leaf_type(field, with));
            if leaf.secret {
                quote_spanned!(span=> __p::secret::<#ty>())
            } else {
                quote_spanned!(span=> __p::leaf::<#ty>())
            }
        }
        FieldKind::Computed { .. } => quote_spanned!(span=> __p::leaf::<#ty>()),
    };
    let meta = meta::meta(field);
    quote!(__p::Field { key: #key, segment: #segment, doc: #doc, kind: #kind, meta: #meta })
}
