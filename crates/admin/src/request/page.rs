//! Long lists come in pages: how many items, and where the page before ended.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::problem::Problem;

/// Items of a page where nothing is said, and the most.
const USUAL: usize = 100;
pub(crate) const MOST: usize = 1_000;

/// The query of a request, of which every mistake is a problem document.
#[derive(Debug)]
pub(crate) struct Words<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Context> for Words<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Context) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        let Query(words) = query.map_err(|refused| Problem::malformed(refused.body_text()))?;
        Ok(Self(words))
    }
}

/// The one parameter that stands in a route's path; what can't be read of it is a problem document.
#[derive(Debug)]
pub(crate) struct Segment(pub(crate) String);

impl FromRequestParts<Context> for Segment {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, context).await;
        path.map(|Path(segment)| Self(segment)).map_err(|refused| Problem::malformed(refused.body_text()))
    }
}

/// What a query says of the page, as text: a mistake in it is told in our own words.
#[derive(Debug)]
pub(crate) struct Page {
    limit: Option<String>,
    cursor: Option<String>,
}

/// A page of items that are found by such a key.
#[derive(Debug, Clone)]
pub(crate) struct PageOf<K> {
    /// The most items.
    pub(crate) limit: usize,
    /// The last item of the page before.
    pub(crate) after: Option<K>,
}

impl Page {
    pub(crate) fn new(limit: Option<String>, cursor: Option<String>) -> Self {
        Self { limit, cursor }
    }

    /// The page, where cursors are keys of this type.
    pub(crate) fn of<K: FromStr>(&self) -> Result<PageOf<K>, Problem> {
        self.usually(USUAL)
    }

    /// The same, of so many items where nothing is said.
    pub(crate) fn usually<K: FromStr>(&self, usual: usize) -> Result<PageOf<K>, Problem> {
        let limit = match &self.limit {
            None => usual,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(|| Problem::malformed(format!("`limit` is a whole number from 1 to {MOST}")))?,
        };
        let key = |text: &String| text.parse().map_err(|_| Problem::malformed("`cursor` is none that an answer gave"));
        Ok(PageOf { limit, after: self.cursor.as_ref().map(key).transpose()? })
    }
}

impl<K: ToString> PageOf<K> {
    /// Cuts what was found to a page: it needs one item more than that, to know whether there is another page.
    pub(crate) fn cut<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> K) -> (Vec<T>, Option<String>) {
        let is_all = items.len() <= self.limit;
        items.truncate(self.limit);
        let next = items.last().filter(|_| !is_all).map(|last| key(last).to_string());
        (items, next)
    }
}
