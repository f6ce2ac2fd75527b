//! The console: a page of ours that uses the interface as any client does. Its files are part of the program.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::etag::ETag;
use crate::problem::Problem;

/// What the console's page may do: run and show its own files, and talk to where it came from. Nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const DRAWING: &str = "image/svg+xml";

/// The page itself.
const PAGE: &str = "index.html";

/// A file of the console.
struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
}

/// Files of one media type, by name.
macro_rules! assets {
    ($($kind:ident: $($name:literal)*;)*) => {
        [$($(Asset {
            name: $name,
            kind: $kind,
            bytes: include_bytes!(concat!("../assets/console/", $name)),
        },)*)*]
    };
}

static ASSETS: &[Asset] = &assets! {
    HTML: "index.html";
    CSS: "base.css" "pages.css" "parts.css" "shell.css";
    DRAWING: "mark.svg";
    SCRIPT:
        "api.js" "backup.js" "board.js" "controls.js" "dialogs.js" "diff.js" "dom.js" "draft.js" "flag-definition.js"
        "flag-evaluate.js" "flag-rollout.js" "flag-state.js" "flag.js" "format.js" "login.js" "main.js"
        "page-events.js" "page-experiments.js" "page-flags.js" "page-history.js" "page-overview.js" "page-presets.js"
        "page-snapshots.js" "page-transfer.js" "page-values.js" "pages.js" "paths.js" "review.js" "setting.js"
        "shell.js" "site.js" "stream.js" "theme-button.js" "theme.js" "tree.js";
};

/// The ETags of the files, in their order; made once, when somebody asks for the console.
static ETAGS: LazyLock<Vec<ETag>> = LazyLock::new(|| ASSETS.iter().map(|asset| ETag::of(&[asset.bytes])).collect());

/// The console's page and its files. Nobody needs a token for them: they hold nothing of the configuration.
pub(crate) fn routes() -> Router {
    Router::new().route("/console", get(page)).route("/console/{file}", get(file))
}

/// What a server of its own answers at its root. An application that mounts the interface has a root itself.
pub(crate) fn root() -> Router {
    Router::new().route("/", get(async || Redirect::temporary("/console")))
}

async fn page(headers: HeaderMap) -> Response {
    answer(PAGE, &headers)
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    answer(&name, &headers)
}

fn answer(name: &str, headers: &HeaderMap) -> Response {
    let Some((asset, tag)) = ASSETS.iter().zip(&*ETAGS).find(|(asset, _)| asset.name == name) else {
        return Problem::not_found("the console has no such file").into_response();
    };
    let etag = (header::ETAG, tag.header());
    // Files change with the program, and keep their names: browsers ask each time, and mostly hear that nothing changed.
    let text = |name: HeaderName, text: &'static str| (name, HeaderValue::from_static(text));
    let cache = text(header::CACHE_CONTROL, "no-cache");
    // Said here as well, so that an answer without content does not take it from the page that the browser has kept.
    let policy = text(header::CONTENT_SECURITY_POLICY, POLICY);
    if tag.matches(headers, header::IF_NONE_MATCH, true) == Some(true) {
        return (StatusCode::NOT_MODIFIED, [etag, cache, policy]).into_response();
    }
    ([etag, cache, policy, text(header::CONTENT_TYPE, asset.kind)], asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::ASSETS;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/console");
        let mut there: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        there.sort();
        let mut served: Vec<&str> = ASSETS.iter().map(|asset| asset.name).collect();
        served.sort_unstable();
        assert_eq!(there, served);
    }
}
