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
    pub(crate) key: Slot<Text>,
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
    /// A value beyond the limits is an error in normal mode, too.
    pub(crate) hard: bool,
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
            //= field `default = 8080`: The value where no source sets one: a literal of the type, a text that it
            //=   reads (`"30s"`), a list, a map (`[("a", 1)]`), or an expression. `default` alone is the type's own.
            //=   Without it the field is required; an `Option` is `None`.
            "default" => self.default.put(ctxt, item, Item::flag_or_value),
            //= field `env = "PORT"`: The variable's whole name, whatever the prefix; `env = ["A", "B"]` for several,
            //=   of which the first that is set counts; `env = false` for none. Otherwise the prefix, the path and the
            //=   key make the name, joined by `_`.
            "env" => self.env.put(ctxt, item, Item::names),
            //= field `nested`: The type is a config of its own; also in an `Option`, a `Vec`, or a `HashMap` or
            //=   `BTreeMap` with `String` keys.
            "nested" => self.nested.put(ctxt, item, Item::flag),
            //= field `env_prefix = "ADAPTER"`: On a nested field: the whole prefix of the variables below it.
            "env_prefix" => self.env_prefix.put(ctxt, item, Item::string),
            //= field `flatten`: Its keys stand among this struct's own; the type is a config struct, and `nested` may
            //=   be left out.
            "flatten" => self.flatten.put(ctxt, item, Item::flag),
            //= field `tag = "type"`: On a nested enum: the key that names the variant, in place of the enum's own.
            "tag" => self.tag.put(ctxt, item, Item::name),
            //= field `secret`: The value is a `Secret<_>`, which is never shown or exported. Beside its variable `X`,
            //=   `X_FILE` may name a file that holds it.
            "secret" => self.secret.put(ctxt, item, Item::flag),
            //= field `validate(range(min = 1), …)`: Rules that the value must obey (see below).
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
            //= field `each(length(min = 1))`: Short for `validate(each(…))`.
            //= field `custom = path`: Short for `validate(custom = path)`.
            "each" | "custom" => self.rule(ctxt, item),
            //= field `fallback = 8`: What an invalid value is replaced by in lenient mode.
            "fallback" => self.fallback.put(ctxt, item, Item::literal),
            //= field `warn(range(max = 16), "above 16 it swaps")`: Rules whose breach is a warning, with its text;
            //=   repeatable.
            "warn" => self.warns.extend(warn(ctxt, item)),
            //= field `profile(pi_zero_2w(default = 4, max = 20))`: A default and limits (`min`, `max`) on a board. A value
            //=   beyond a limit is an error in strict mode, a warning in normal mode, and replaced by the fallback or the
            //=   limit in lenient mode. With `hard`, it is an error in normal mode, too.
            "profile" => {
                self.profiles.put(ctxt, item, |item| Ok(profiles(ctxt, named(ctxt, item.list()?, "a profile's name"))))
            }
            //= field `merge = "replace" | "append" | "union" | "deep"`: How the values of several sources and the
            //=   default combine. Without it, maps merge deep and everything else is replaced.
            "merge" => self.merge.put(ctxt, item, |item| item.choice(Merge::ALL)),
            //= field `reload = "live" | "restart"`: Whether a change takes effect at once (the default) or after a
            //=   restart.
            "reload" => self.restart.put(ctxt, item, |item| item.choice(&[("live", false), ("restart", true)])),
            //= field `rename = "key"`: The key in documents, and the last part of the variable's name.
            "rename" => self.rename.put(ctxt, item, Item::name),
            //= field `alias = "loglevel"`: Another key that sets the field, with a variable of its own; repeatable.
            "alias" => self.aliases.extend(ctxt.ok(item.name())),
            //= field `deprecated(since = "0.3", note = "use x")`: Setting the field draws a warning.
            //= field `deprecated(alias = "verbosity", since = "0.3")`: Another key, whose use draws a warning.
            "deprecated" => self.deprecate(ctxt, item),
            //= field `renamed_from = "old_name"`: The key before a renaming, whose use draws a warning.
            "renamed_from" => self.renamed_from.put(ctxt, item, Item::name),
            //= field `since = "0.3"`: Beside `renamed_from`: the version that renamed the field.
            "since" => self.since.put(ctxt, item, Item::name),
            //= field `with = module`: A module whose `deserialize` and `serialize` read and write the value.
            "with" => self.with.put(ctxt, item, Item::path),
            //= field `unit = "ms"`: The unit of bare numbers in a duration or a size; of any other number, for
            //=   documentation.
            "unit" => self.unit.put(ctxt, item, Item::name),
            //= field `allow_empty`: An empty variable is a value. Without it, an empty variable counts as unset.
            "allow_empty" => self.allow_empty.put(ctxt, item, Item::flag),
            //= field `computed = path`: A function `fn(&LoadInfo) -> T` fills the field in; no source sets it, and no export
            //=   holds it. `computed` alone is for an `Option`, which is then `None`.
            "computed" => self.computed.put(ctxt, item, Item::flag_or_path),
            //= field `key = "new-dashboard"`: The name by which a registry knows the value, as a flag has one; otherwise
            //=   the field's key. The key in documents and the variable stay as they are.
            "key" => self.key.put(ctxt, item, Item::name),
            //= field `resource = "connections"`: The class of resource that a board caps: `memory_mb`, `connections`,
            //=   `threads` or `cache_entries`. A profile's default for the class lowers the field's own; its limits count
            //=   where `profile(…)` says nothing.
            "resource" => self.resource.put(ctxt, item, Item::name),
            //= field `cost = "48KiB"`: The memory that one unit of the value takes. All of them together are what a
            //=   configuration needs, which a profile compares with what the board has.
            "cost" => self.cost.put(ctxt, item, Item::name),
            //= field `path`: The value names a file; a relative name in a file starts from that file's folder.
            "path" => self.path.put(ctxt, item, Item::flag),
            _ => unknown(ctxt, &item.name, Place::Field),
        }
    }

    /// `each(…)` and `custom = path`, which may also stand outside of `validate`.
    fn rule(&mut self, ctxt: &Ctxt, item: &Item) {
        if item.name == "each" {
            self.each.put(ctxt, item, |_| Ok(()));
        }
        let item = Item { name: item.name.clone(), form: item.form.clone(), family: item.family };
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
        let mut hard = Slot::default();
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
                "hard" => hard.put(ctxt, &part, Item::flag),
                _ => unknown(ctxt, &part.name, Place::Profile),
            }
        }
        if profiles.iter().any(|profile| profile.name == item.name) {
            ctxt.error(&item.name, format_args!("profile `{}` is named twice: join the two", item.name));
            continue;
        }
        let [default, min, max] = [default, min, max].map(|slot| slot.get().cloned());
        if hard.is_set() && min.is_none() && max.is_none() {
            let message = format!("`hard` is of limits, and profile `{}` has none: write `max = 20, hard`", item.name);
            ctxt.error(&item.name, message);
        }
        profiles.push(RawProfile { name: item.name, default, min, max, hard: hard.is_set() });
    }
    profiles
}
