//! The leaves of one type in a configuration, as a registry of flags collects its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use strata_config::{LayeredConfig, leaves_of};

#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq)]
#[serde(transparent)]
struct Switch(bool);

mod switch {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Switch;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Switch, D::Error> {
        Switch::deserialize(deserializer)
    }

    pub(crate) fn serialize<S: Serializer>(switch: &Switch, serializer: S) -> Result<S::Ok, S::Error> {
        switch.serialize(serializer)
    }
}

#[derive(LayeredConfig, Debug)]
struct App {
    #[config(default = true, key = "new-dashboard", unit = "%")]
    dashboard: Switch,
    /// No switch, though as boolean as one.
    #[config(default = true)]
    other: bool,
    #[config(default = false, rename = "slow-mode")]
    slow: Switch,
    #[config(default = false)]
    maybe: Option<Switch>,
    #[config(default = false, with = switch)]
    foreign: Switch,
    #[config(nested)]
    shop: Option<Shop>,
    #[config(nested)]
    sites: BTreeMap<String, Shop>,
    #[config(default = [("a", true)])]
    more: BTreeMap<String, Switch>,
}

#[derive(LayeredConfig, Debug)]
struct Shop {
    /// Pay with one click.
    #[config(default = false, key = "one-click", validate(custom = anything))]
    click: Switch,
}

fn anything(_: &Switch) -> Result<(), &'static str> {
    Ok(())
}

fn found<T: Copy + std::fmt::Debug + 'static>(app: &App) -> Vec<(String, &'static str, T)> {
    let mut found = Vec::new();
    leaves_of::<T>(app, &mut |leaf| found.push((leaf.path().to_string(), leaf.key(), *leaf.value())));
    found
}

#[test]
fn leaves_of_a_type_are_found_wherever_they_stand() {
    let loaded = App::loader().text("app.toml", "slow-mode = true\n[shop]\nclick = true\n[sites.\"a.b\"]\n").load();
    let app = loaded.unwrap();
    let expected = [
        ("dashboard", "new-dashboard", true),
        ("slow-mode", "slow-mode", true),
        ("shop.click", "one-click", true),
        ("sites.\"a.b\".click", "one-click", false),
    ];
    let expected = expected.map(|(path, key, on)| (path.to_owned(), key, Switch(on)));
    assert_eq!(found::<Switch>(&app), expected);
    assert_eq!(found::<Option<Switch>>(&app), [("maybe".to_owned(), "maybe", Some(Switch(false)))]);
    assert_eq!(found::<u8>(&app), []);
    let mut maps = 0;
    leaves_of::<BTreeMap<String, Switch>>(&*app, &mut |leaf| maps += leaf.value().len());
    assert_eq!(maps, 1);
}

#[test]
fn a_leaf_knows_its_field_and_its_path_explains_it() {
    let loaded = App::loader().text("app.toml", "[shop]\nclick = true\n").load().unwrap();
    let mut docs = Vec::new();
    leaves_of::<Switch>(&*loaded, &mut |leaf| {
        let explained = loaded.explain(std::slice::from_ref(leaf.path()));
        docs.push((leaf.field().doc, explained[0].origin.as_ref().unwrap().to_string()));
    });
    assert_eq!(
        docs,
        [
            ("", "the default".to_owned()),
            ("", "the default".to_owned()),
            ("Pay with one click.", "app.toml:2:9".to_owned())
        ]
    );
}

#[test]
fn a_key_changes_neither_the_key_in_documents_nor_the_variable() {
    let app = App::loader().text("app.toml", "dashboard = true\n").env_from([("DASHBOARD", "off")]).load().unwrap();
    assert_eq!(app.dashboard, Switch(false));
    assert!(App::loader().text("app.toml", "new-dashboard = true\n").load().is_err());
}
