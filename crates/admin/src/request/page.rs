//! Parameters of long lists: how much at once, and from where on.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::problem::Problem;

/// The most that is answered at once.
pub(crate) const MOST: usize = 1000;

/// The parameters of a request; what can't be read is a problem document.
#[derive(Debug)]
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Context> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, context).await;
        query.map(|Query(query)| Self(query)).map_err(|refused| Problem::malformed(refused.body_text()))
    }
}

/// The one parameter that stands in a route's path.
#[derive(Debug)]
pub(crate) struct Segment<T = String>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Context> for Segment<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, context).await;
        path.map(|Path(segment)| Self(segment)).map_err(|refused| Problem::malformed(refused.body_text()))
    }
}

/// How much of a list, and from where on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Page {
    limit: Option<String>,
    cursor: Option<String>,
}

impl FromRequestParts<Context> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        Parameters::from_request_parts(parts, context).await.map(|Parameters(page)| page)
    }
}

impl Page {
    /// How many are asked for; this many where nothing is said.
    pub(crate) fn limit(&self, default: usize) -> Result<usize, Problem> {
        let Some(text) = &self.limit else { return Ok(default) };
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| Problem::malformed(format!("`limit` is a number from 1 to {MOST}, not `{text}`")))
    }

    /// The numbers that an earlier answer's `next` stands for.
    pub(crate) fn cursor<const N: usize>(&self) -> Result<Option<[u64; N]>, Problem> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let numbers: Vec<u64> = text.split('-').map(str::parse).collect::<Result<_, _>>().map_err(|_| no_cursor())?;
        numbers.try_into().map(Some).map_err(|_| no_cursor())
    }

    /// The text that an earlier answer's `next` stands for, and its number.
    pub(crate) fn cursor_text(&self) -> Result<Option<(u64, String)>, Problem> {
        let Some(text) = &self.cursor else { return Ok(None) };
        let (number, digits) = text.split_once('-').ok_or_else(no_cursor)?;
        let number = number.parse().map_err(|_| no_cursor())?;
        let bytes = digits.as_bytes().chunks(2).map(|pair| {
            let pair = str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        });
        let bytes: Vec<u8> = bytes.collect::<Option<_>>().ok_or_else(no_cursor)?;
        String::from_utf8(bytes).map(|text| Some((number, text))).map_err(|_| no_cursor())
    }
}

fn no_cursor() -> Problem {
    Problem::malformed("`cursor` is none that an answer's `next` gave")
}

/// A cursor of numbers.
pub(crate) fn next(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("-")
}

/// A cursor of a number and a text.
pub(crate) fn next_text(number: usize, text: &str) -> String {
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{number}-{digits}")
}
