//! Enums of choices: variants without data, each with names of its own.

use syn::{Data, DeriveInput, Fields};

use crate::case::Case;
use crate::ctxt::Ctxt;
use crate::ir::{ChoiceName, Choices};
use crate::parse::{RawContainer, RawVariant, Text, doc};

use super::plain;

/// Checks the input of `ConfigEnum`; `None` where it is no enum.
pub(crate) fn choices<'a>(ctxt: &Ctxt, raw: &RawContainer, input: &'a DeriveInput) -> Option<Choices<'a>> {
    if !input.generics.params.is_empty() {
        ctxt.error(&input.generics, "an enum of choices has no data, so it has no parameters: remove them");
    }
    let variants = match &input.data {
        Data::Enum(data) => &data.variants,
        Data::Struct(_) | Data::Union(_) => {
            ctxt.error(
                &input.ident,
                "`ConfigEnum` is for enums without data: write `#[derive(LayeredConfig)]` for a struct",
            );
            return None;
        }
    };
    if variants.is_empty() {
        ctxt.error(&input.ident, format_args!("`{}` has no variants, so no value can name one", input.ident));
    }
    let rename = raw.rename_all.get().copied().unwrap_or(Case::Snake);
    let mut choices: Vec<ChoiceName<'a>> = Vec::new();
    for from in variants {
        if !matches!(from.fields, Fields::Unit) {
            let message = "a choice has no data: remove the fields, or write `#[derive(LayeredConfig)]` on the enum";
            ctxt.error(&from.fields, message);
        }
        let given = RawVariant::of_choice(ctxt, &from.attrs);
        let name = given.rename.get().map_or_else(|| rename.apply(&plain(&from.ident)), Text::value);
        let mut choice =
            ChoiceName { ident: &from.ident, name: String::new(), aliases: Vec::new(), doc: doc(&from.attrs) };
        if let Some(message) = taken(&choices, &choice, &name) {
            match given.rename.get() {
                Some(rename) => ctxt.error(rename, message),
                None => ctxt.error(&from.ident, message),
            }
        }
        choice.name = name;
        for alias in &given.aliases {
            if let Some(message) = taken(&choices, &choice, &alias.value()) {
                ctxt.error(alias, message);
            }
            choice.aliases.push(alias.value());
        }
        choices.push(choice);
    }
    Some(Choices { input, name: plain(&input.ident), choices })
}

/// Says whose name this is already; case does not count.
fn taken(choices: &[ChoiceName<'_>], own: &ChoiceName<'_>, name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let is = |choice: &&ChoiceName<'_>| {
        choice.name.to_lowercase() == lower || choice.aliases.iter().any(|alias| alias.to_lowercase() == lower)
    };
    if is(&own) {
        return Some(format!("`{name}` names this choice already (case does not count): leave it out"));
    }
    let other = choices.iter().find(is)?;
    Some(format!("`{name}` is already the name of `{}` (case does not count): write another", plain(other.ident)))
}
