//! The pages that show reports show what is really reported.

#[path = "../../../crates/strata-config/examples/mistakes.rs"]
#[expect(dead_code, reason = "its `main` is for `cargo run --example`")]
mod mistakes;

use strata_config::LayeredConfig;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn file(path: &str) -> String {
    std::fs::read_to_string(format!("{ROOT}/{path}")).unwrap()
}

fn assert_has(page: &str, block: &str) {
    assert!(file(page).contains(&format!("\n{}\n```", block.trim_end())), "{page} lacks\n\n{block}");
}

#[test]
fn the_readme_opens_with_the_example_and_its_report() {
    let example = file("crates/strata-config/examples/mistakes.rs");
    let (_, code) = example.split_once("\n\n").unwrap();
    assert_has("README.md", code);
    assert_has("README.md", &mistakes::load().unwrap_err().to_string());
}

#[derive(LayeredConfig, Debug)]
#[config(env_prefix = "APP")]
struct App {
    port: u16,
    timeout: u32,
    #[config(nested)]
    db: Db,
}

#[derive(LayeredConfig, Debug)]
struct Db {
    pool_size: u16,
}

#[test]
fn the_comparison_has_our_report() {
    let text = "prot = 9000\nport = \"80\"\n\n[db]\npool_size = 70000\n";
    let report = App::loader().text("app.toml", text).env_from([("APP_TIMEOUT", "soon")]).load().map(drop).unwrap_err();
    assert_has("docs/compare.md", text);
    assert_has("docs/compare.md", &report.to_string());
}
