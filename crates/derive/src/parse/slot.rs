//! A place for the value of an attribute that may be given once.

use proc_macro2::Ident;

use crate::ctxt::Ctxt;

use super::Item;

/// A value and the name of the attribute that gave it.
pub(crate) struct At<T> {
    pub(crate) name: Ident,
    pub(crate) value: T,
}

/// The value of an attribute that may be given once.
pub(crate) struct Slot<T>(Option<At<T>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Slot<T> {
    /// Takes what `read` makes of the item, unless the attribute was given before.
    pub(crate) fn put(&mut self, ctxt: &Ctxt, item: &Item, read: impl FnOnce(&Item) -> syn::Result<T>) {
        let value = ctxt.ok(read(item));
        if self.0.is_some() {
            ctxt.error(&item.name, format_args!("duplicate attribute `{}`: keep one of them", item.name));
            return;
        }
        self.0 = value.map(|value| At { name: item.name.clone(), value });
    }

    pub(crate) fn at(&self) -> Option<&At<T>> {
        self.0.as_ref()
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|at| &at.value)
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.is_some()
    }
}
