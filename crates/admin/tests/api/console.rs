//! The console's files, as a browser asks for them.

use crate::site::Site;

#[test]
fn the_page_needs_no_token_and_may_run_nothing_but_its_own_files() {
    let site = Site::start();
    let page = site.send("GET", "/console", &[], None);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    assert!(!page.text.contains("style=") && !page.text.contains("<script>"));
    for name in page.text.split('"').filter_map(|part| part.strip_prefix("console/")) {
        assert_eq!(site.send("GET", &format!("/console/{name}"), &[], None).status, 200, "{name}");
    }
}

#[test]
fn a_file_that_a_browser_has_is_not_sent_again() {
    let site = Site::start();
    let first = site.send("GET", "/console/main.js", &[], None);
    assert_eq!(first.header("content-type"), "text/javascript; charset=utf-8");
    let again = site.send("GET", "/console/main.js", &[("if-none-match", first.header("etag"))], None);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[test]
fn there_is_no_way_out_of_the_folder() {
    let site = Site::start();
    for path in ["/console/../Cargo.toml", "/console/..%2FCargo.toml", "/console/nothing.js", "/console/a/b"] {
        let answer = site.send("GET", path, &[], None);
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
}

#[test]
fn the_root_of_a_server_of_its_own_leads_to_the_console() {
    let site = Site::start();
    assert!(site.send("GET", "/", &[], None).text.contains("Strata console"));
}
