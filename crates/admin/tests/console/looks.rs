//! What everybody needs of a page: nothing that axe finds, in both themes; no sideways scrolling on a narrow screen;
//! modules that are JavaScript.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::browser::Browser;
use crate::site::{Site, TOKEN};

/// The pages, and what is to be seen on each once it is there.
const PAGES: [(&str, &str); 11] = [
    ("overview", "Where values come from"),
    ("values", "parallel"),
    ("values/parallel", "Where it comes from"),
    ("flags", "checkout"),
    ("flags/checkout", "Evaluate as"),
    ("history", "Roll back to here"),
    ("snapshots", "before the sale"),
    ("presets", "Presets"),
    ("experiments", "Experiments"),
    ("transfer", "Look at the differences"),
    ("events", "Events"),
];

/// A site where every page has something to show.
fn site() -> Site {
    let site = Site::start();
    site.call("PUT", "/values/db.port", &json!({"value": 5433, "description": "another port"}));
    site.call("PUT", "/values/parallel", &json!({"value": 20}));
    site.call("POST", "/snapshots", &json!({"description": "before the sale", "tags": ["sale"]}));
    site
}

fn turn(browser: &Browser, page: &str, text: &str) {
    browser.run(&format!("location.hash = '#/{page}'"));
    let name = page.split('/').next().unwrap_or_default();
    browser.wait(&format!("return document.querySelector('main').dataset.page === '{name}'"));
    browser.wait(&format!("return document.querySelector('main').innerText.includes('{text}')"));
}

/// The rules of axe-core, fetched once by npm into the folder of build output.
fn axe() -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        std::fs::create_dir_all(&folder).unwrap();
        let arguments = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", "."];
        let npm = Command::new("npm").args(arguments).arg("axe-core@4").current_dir(&folder).output().unwrap();
        assert!(npm.status.success(), "{}", String::from_utf8_lossy(&npm.stderr));
    }
    std::fs::read_to_string(script).unwrap()
}

fn violations(browser: &Browser) -> Json {
    browser.run_later(
        "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then((found) => \
         done(found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html + ' ' + \
         node.any.map((any) => any.message)).join('; ')}`)), (error) => done([String(error)]))",
    )
}

#[test]
#[ignore = "needs chromium, chromedriver and npm"]
fn axe_finds_nothing_on_any_page_light_or_dark() {
    let (site, axe) = (site(), axe());
    let mut found = Vec::new();
    for theme in ["light", "dark"] {
        let browser = Browser::open(&site.url("/console"));
        browser.prefer(theme);
        browser.see("Open the console");
        browser.run(&axe);
        let mut look = |place: &str| {
            for violation in violations(&browser).as_array().unwrap() {
                found.push(format!("{theme} {place}: {violation}"));
            }
        };
        look("token");
        browser.fill("#token", TOKEN);
        browser.click_named("Open the console");
        browser.see("Live");
        for (page, text) in PAGES {
            turn(&browser, page, text);
            look(page);
        }
        turn(&browser, "values/parallel", "Where it comes from");
        browser.fill(".edit-field input", "99");
        browser.wait("return document.querySelector('.told .finding.error') !== null");
        look("an edit");
        browser.click("#review");
        browser.wait("return document.querySelector('dialog .notice.error') !== null");
        look("the review");
        browser.click_named("Keep editing");
        turn(&browser, "flags/checkout", "Evaluate as");
        browser.click_named("Evaluate");
        browser.wait("return document.querySelector('.steps') !== null");
        look("an evaluation");
        browser.run("location.hash = '#/flags'");
        browser.click("#kill-switch");
        browser.wait("return document.querySelector('dialog') !== null");
        look("the kill switch");
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn nothing_scrolls_sideways_at_360_pixels() {
    let site = site();
    let browser = Browser::sized(&site.console(TOKEN), 360, 740);
    browser.wait("return document.querySelector('.dot.open') !== null");
    let mut wide = Vec::new();
    for (page, text) in PAGES {
        turn(&browser, page, text);
        let (whole, shown) = (
            browser.run("return document.documentElement.scrollWidth"),
            browser.run("return document.documentElement.clientWidth"),
        );
        if whole.as_u64() > shown.as_u64() {
            wide.push(format!("{page}: {whole} > {shown}"));
        }
    }
    assert!(wide.is_empty(), "{wide:?}");
}

#[test]
#[ignore = "needs node"]
fn every_module_is_javascript() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/console");
    let copies = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let scripts: Vec<&PathBuf> = files.iter().filter(|file| file.extension().is_some_and(|end| end == "js")).collect();
    assert!(scripts.len() > 10);
    for script in scripts {
        // Node takes a file for a module by its ending alone.
        let copy = copies.path().join(script.file_stem().unwrap()).with_extension("mjs");
        std::fs::copy(script, &copy).unwrap();
        let node = Command::new("node").arg("--check").arg(&copy).output().unwrap();
        assert!(node.status.success(), "{}: {}", script.display(), String::from_utf8_lossy(&node.stderr));
        let text = std::fs::read_to_string(script).unwrap();
        assert!(
            !text.contains("innerHTML") && !text.contains("insertAdjacentHTML"),
            "{} parses HTML",
            script.display()
        );
    }
}
