//! `/docs`: the page that explains the interface, without a network and under its strict policy.

use std::process::Command;

use crate::python::told;
use crate::site::Site;

#[test]
fn the_page_and_all_its_parts_come_from_here_and_nothing_is_written_into_it() {
    let site = Site::start();
    let page = site.send("GET", "/docs", &[], None);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").contains("script-src 'self'"), "{:?}", page.headers);
    for written in ["<style", "style=", "onclick", "javascript:", "http://", "https://", "</script><script>"] {
        assert!(!page.text.contains(written), "{written} stands in the page");
    }
    let parts = page.text.split("docs/docs.").skip(1).map(|rest| rest.split('"').next().unwrap());
    let mut parts: Vec<String> = parts.map(|end| format!("docs.{end}")).collect();
    assert_eq!(parts.len(), 2);
    while let Some(part) = parts.pop() {
        let reply = site.send("GET", &format!("/docs/{part}"), &[], None);
        assert_eq!(reply.status, 200, "{part}");
        let kind = if part.ends_with("css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" };
        assert_eq!(reply.header("content-type"), kind);
        assert!(!reply.text.contains("innerHTML") && !reply.text.contains("//cdn"), "{part}");
        let imports = reply.text.split("from \"./").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
        parts.extend(imports.filter(|import| *import != "docs.js"));
        let again = site.send("GET", &format!("/docs/{part}"), &[("if-none-match", reply.header("etag"))], None);
        assert_eq!(again.status, 304);
    }
    assert_eq!(site.send("GET", "/docs/other.js", &[], None).status, 404);
}

#[test]
#[ignore = "needs chromium"]
fn the_page_shows_every_operation_in_a_browser() {
    let site = Site::start();
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--enable-logging=stderr", "--v=0"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--virtual-time-budget=10000", "--dump-dom", &format!("http://{}/docs#get_config", site.address)])
        .output()
        .unwrap();
    let said = told(&output);
    assert!(!said.contains("Content Security Policy") && !said.contains("Uncaught"), "{said}");
    let page = String::from_utf8_lossy(&output.stdout);
    let document = site.get("/openapi.json").json();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id} is not in {page}");
        }
    }
    // The one that the address names is open.
    assert!(page.contains("Try GET /api/v1/config") && page.contains("Needs a token with the scope read."), "{page}");
}
