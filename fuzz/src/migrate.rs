//! Versions and migrations: versions are ordered, a migrated text is of the version that was asked for, and the way back
//! from there is refused or leads back.

use std::path::Path;

use strata_config::LayeredConfig;
use strata_config_migrate::{Migrations, Step, Version};

/// Documents of any shape.
#[derive(LayeredConfig)]
#[config(allow_unknown)]
struct Anything {}

/// The first line says how the text is written, and holds two versions; the text is the rest.
pub fn migrate(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (head, text) = text.split_once('\n').unwrap_or((&text, ""));
    let mut words = head.split(' ');
    let format = words.next().unwrap_or_default();
    let versions: Vec<Version> = words.filter_map(|word| Version::parse(word).ok()).collect();
    for one in &versions {
        for two in &versions {
            assert_eq!(one.cmp(two), two.cmp(one).reverse(), "{one} {two}");
            for three in &versions {
                assert!(!(one <= two && two <= three) || one <= three, "{one} {two} {three}");
            }
        }
        assert_eq!(Version::parse(one.as_str()).as_ref(), Ok(one));
    }
    let name = match format {
        "toml" => "a.toml",
        "yaml" => "a.yaml",
        _ => "a.json",
    };
    let chain = chain();
    let Ok(plan) = chain.plan_text::<Anything>(Path::new(name), text.to_owned(), None) else { return };
    let again = chain.plan_text::<Anything>(Path::new(name), plan.text().to_owned(), None);
    let again = again.expect("what was written can be read");
    assert!(again.plan().is_empty() || plan.plan().is_empty(), "{head}\n{}", plan.text());
    // It may say what an older version can't.
    let _ = chain.plan_text::<Anything>(Path::new(name), plan.text().to_owned(), Some("1"));
}

fn chain() -> Migrations {
    let chain = Migrations::to("3")
        .step(Step::new("one", "1", "2").rename("a", "b").rename("list.*.a", "b").moves("c", "d.e"))
        .step(Step::new("two", "2", "3").moves("d.f", "g").adds("h.i", "added"));
    chain.build().expect("a chain")
}
