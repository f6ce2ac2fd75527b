//! The attributes of a field.

use proc_macro2::{Ident, TokenStream};
use syn::Attribute;

use crate::ctxt::Ctxt;
use crate::ir::{Merge, Rule};

use super::item::{Form, config_items, entries, named};
use super::known::{Place, unknown};
use super::rule::{from_items, rules};
use super::{Item, Literal, Slot, Text, Value};

/// What the attributes of a field say.
#[derive(Default)]
pub(crate) struct RawField {
    /// The name of every attribute, in order.
    pub(crate) given: Vec<Ident>,
    /// `None` within is the bare `default`.
    pub(crate) default: Slot<Option<Value>>,
    /// Empty for `env = false`.
    pub(crate) env: Slot<Vec<Text>>,
    pub(crate) nested: Slot<()>,
    pub(crate) env_prefix: Slot<Text>,
    pub(crate) flatten: Slot<()>,
    pub(crate) tag: Slot<Text>,
    pub(crate) secret: Slot<()>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) fallback: Slot<Literal>,
    pub(crate) warns: Vec<RawWarn>,
    pub(crate) profiles: Slot<Vec<RawProfile>>,
    pub(crate) merge: Slot<Merge>,
    pub(crate) restart: Slot<bool>,
    pub(crate) rename: Slot<Text>,
    pub(crate) aliases: Vec<Text>,
    pub(crate) deprecated: Slot<RawDeprecated>,
    pub(crate) deprecated_aliases: Vec<(Text, RawDeprecated)>,
    pub(crate) renamed_from: Slot<Text>,
    pub(crate) since: Slot<Text>,
    pub(crate) with: Slot<TokenStream>,
    pub(crate) unit: Slot<Text>,
    pub(crate) allow_empty: Slot<()>,
    pub(crate) computed: Slot<Option<TokenStream>>,
    pub(crate) resource: Slot<Text>,
    pub(crate) cost: Slot<Text>,
    pub(crate) path: Slot<()>,
    validate: Slot<()>,
    each: Slot<()>,
}

/// `warn(rule…, "message")`
pub(crate) struct RawWarn {
    pub(crate) rules: Vec<Rule>,
    pub(crate) message: Text,
}

/// `name(default = …, min = …, max = …)` within `profile(…)`
pub(crate) struct RawProfile {
    pub(crate) name: Ident,
    pub(crate) default: Option<Literal>,
    pub(crate) min: Option<Literal>,
    pub(crate) max: Option<Literal>,
}

/// Since when, and what to do.
#[derive(Default)]
pub(crate) struct RawDeprecated {
    pub(crate) since: String,
    pub(crate) note: String,
}

impl RawField {
    pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut raw = Self::default();
        for item in config_items(ctxt, attributes) {
            raw.given.push(item.name.clone());
            raw.take(ctxt, &item);
        }
        raw
    }

    /// Whether the attribute stands there, be it well-formed or not.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.given.iter().any(|given| given == name)
    }

    fn take(&mut self, ctxt: &Ctxt, item: &Item) {
        match &*item.name.to_string() {
            "default" => self.default.put(ctxt, item, Item::flag_or_value),
            "env" => self.env.put(ctxt, item, Item::names),
            "nested" => self.nested.put(ctxt, item, Item::flag),
            "env_prefix" => self.env_prefix.put(ctxt, item, Item::string),
            "flatten" => self.flatten.put(ctxt, item, Item::flag),
            "tag" => self.tag.put(ctxt, item, Item::name),
            "secret" => self.secret.put(ctxt, item, Item::flag),
            "validate" => {
                let mut read = Vec::new();
                self.validate.put(ctxt, item, |item| {
                    let tokens = item.list()?;
                    if tokens.is_empty() {
                        let message = "`validate` needs a rule: write `validate(range(min = 1, max = 64))`";
                        return Err(syn::Error::new_spanned(&item.name, message));
                    }
                    read = rules(ctxt, tokens, true);
                    Ok(())
                });
                self.rules.append(&mut read);
            }
            "each" | "custom" => self.rule(ctxt, item),
            "fallback" => self.fallback.put(ctxt, item, Item::literal),
            "warn" => self.warns.extend(warn(ctxt, item)),
            "profile" => {
                self.profiles.put(ctxt, item, |item| Ok(profiles(ctxt, named(ctxt, item.list()?, "a profile's name"))))
            }
            "merge" => self.merge.put(ctxt, item, |item| item.choice(Merge::ALL)),
            "reload" => self.restart.put(ctxt, item, |item| item.choice(&[("live", false), ("restart", true)])),
            "rename" => self.rename.put(ctxt, item, Item::name),
            "alias" => self.aliases.extend(ctxt.ok(item.name())),
            "deprecated" => self.deprecate(ctxt, item),
            "renamed_from" => self.renamed_from.put(ctxt, item, Item::name),
            "since" => self.since.put(ctxt, item, Item::name),
            "with" => self.with.put(ctxt, item, Item::path),
            "unit" => self.unit.put(ctxt, item, Item::name),
            "allow_empty" => self.allow_empty.put(ctxt, item, Item::flag),
            "computed" => self.computed.put(ctxt, item, Item::flag_or_path),
            "resource" => self.resource.put(ctxt, item, Item::name),
            "cost" => self.cost.put(ctxt, item, Item::name),
            "path" => self.path.put(ctxt, item, Item::flag),
            _ => unknown(ctxt, &item.name, Place::Field),
        }
    }

    /// `each(…)` and `custom = path`, which may also stand outside of `validate`.
    fn rule(&mut self, ctxt: &Ctxt, item: &Item) {
        if item.name == "each" {
            self.each.put(ctxt, item, |_| Ok(()));
        }
        let item = Item { name: item.name.clone(), form: item.form.clone() };
        self.rules.extend(from_items(ctxt, vec![item], true));
    }

    /// `deprecated` on the field itself, `deprecated(alias = "x", …)` for another key.
    fn deprecate(&mut self, ctxt: &Ctxt, item: &Item) {
        let (mut alias, mut since, mut note) = (Slot::default(), Slot::default(), Slot::default());
        if let Form::List(tokens) = &item.form {
            for part in named(ctxt, tokens.clone(), "`since = \"0.3\"`, `note = \"use `x`\"` or `alias = \"old_name\"`")
            {
                match &*part.name.to_string() {
                    "alias" => alias.put(ctxt, &part, Item::name),
                    "since" => since.put(ctxt, &part, Item::name),
                    "note" => note.put(ctxt, &part, Item::name),
                    _ => unknown(ctxt, &part.name, Place::Deprecated),
                }
            }
        } else if ctxt.ok(item.flag()).is_none() {
            return;
        }
        let text = |slot: &Slot<Text>| slot.get().map(Text::value).unwrap_or_default();
        let deprecated = RawDeprecated { since: text(&since), note: text(&note) };
        match alias.get() {
            Some(alias) => self.deprecated_aliases.push((alias.clone(), deprecated)),
            None => self.deprecated.put(ctxt, item, |_| Ok(deprecated)),
        }
    }
}

fn warn(ctxt: &Ctxt, item: &Item) -> Option<RawWarn> {
    let (items, messages) = entries(ctxt, ctxt.ok(item.list())?);
    let example = "write `warn(range(max = 16), \"above 16 it swaps\")`";
    if items.is_empty() {
        ctxt.error(&item.name, format_args!("`warn` needs a rule: {example}"));
    }
    let rules = from_items(ctxt, items, false);
    let mut texts = messages.iter().map(|value| (value, value.literal.as_ref().and_then(Literal::string)));
    let message = match texts.next() {
        None => {
            ctxt.error(&item.name, format_args!("`warn` needs a message: {example}"));
            return None;
        }
        Some((value, None)) => {
            ctxt.error(&value.tokens, "the message of `warn` is a string");
            return None;
        }
        Some((_, Some(message))) => message,
    };
    for (extra, _) in texts {
        ctxt.error(&extra.tokens, "`warn` takes one message: write another `warn(…)` for another rule");
    }
    Some(RawWarn { rules, message })
}

fn profiles(ctxt: &Ctxt, items: Vec<Item>) -> Vec<RawProfile> {
    let mut profiles: Vec<RawProfile> = Vec::new();
    for item in items {
        let Some(tokens) = ctxt.ok(item.list().map_err(|_| {
            let message = format!("a profile says something: write `{}(default = 4, max = 20)`", item.name);
            syn::Error::new_spanned(&item.name, message)
        })) else {
            continue;
        };
        let (mut default, mut min, mut max) = (Slot::default(), Slot::default(), Slot::default());
        if tokens.is_empty() {
            ctxt.error(
                &item.name,
                format_args!("profile `{0}` says nothing: write `{0}(default = 4, max = 20)`", item.name),
            );
        }
        for part in named(ctxt, tokens, "`default = 4`, `min = 1` or `max = 20`") {
            match &*part.name.to_string() {
                "default" => default.put(ctxt, &part, Item::literal),
                "min" => min.put(ctxt, &part, Item::literal),
                "max" => max.put(ctxt, &part, Item::literal),
                _ => unknown(ctxt, &part.name, Place::Profile),
            }
        }
        if profiles.iter().any(|profile| profile.name == item.name) {
            ctxt.error(&item.name, format_args!("profile `{}` is named twice: join the two", item.name));
            continue;
        }
        let [default, min, max] = [default, min, max].map(|slot| slot.get().cloned());
        profiles.push(RawProfile { name: item.name, default, min, max });
    }
    profiles
}
