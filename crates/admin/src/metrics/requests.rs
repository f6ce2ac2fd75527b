//! Requests, counted by route, method and status without a lock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::http::{Method, StatusCode};

use super::text::Exposition;

/// The methods that are told apart; all others are one.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];

/// The statuses of the interface; all others count as the first of their class.
const STATUSES: [u16; 31] = [
    100, 101, 200, 201, 202, 204, 206, 300, 301, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 412, 413,
    415, 422, 428, 429, 431, 500, 503, 504,
];

/// Upper ends of the classes of durations, in seconds: answers come from memory, changes wait for a store.
const BOUNDS: [f64; 14] =
    [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Where requests that reached no route are counted, so that paths of anybody's making are one series.
const NO_ROUTE: &str = "none";

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    /// Routes by their template. A route is added once, at its first request.
    routes: ArcSwap<HashMap<Box<str>, Arc<Route>>>,
    in_flight: AtomicI64,
}

/// Requests of one route, by method.
#[derive(Debug, Default)]
struct Route([OnceLock<Box<Figures>>; METHODS.len()]);

/// Requests of one route and method.
#[derive(Debug, Default)]
struct Figures {
    statuses: [AtomicU64; STATUSES.len()],
    /// Those that took no longer than the bound, and longer than the one before.
    durations: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

/// A request that is being answered; it no longer is when this is dropped.
#[derive(Debug)]
pub(crate) struct InFlight<'r>(&'r Requests);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Requests {
    /// A request begins.
    pub(crate) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(self)
    }

    /// A request was answered.
    pub(crate) fn answered(&self, route: Option<&str>, method: &Method, status: StatusCode, took: Duration) {
        let route = route.unwrap_or(NO_ROUTE);
        if let Some(known) = self.routes.load().get(route) {
            return known.answered(method, status, took);
        }
        self.routes.rcu(|routes| {
            let mut routes = HashMap::clone(routes);
            routes.entry(route.into()).or_default();
            routes
        });
        if let Some(known) = self.routes.load().get(route) {
            known.answered(method, status, took);
        }
    }

    /// Tells them.
    pub(super) fn write(&self, out: &mut Exposition) {
        let routes = self.routes.load();
        let mut routes: Vec<_> = routes.iter().collect();
        routes.sort_by_key(|(name, _)| *name);
        let each = || {
            routes.iter().flat_map(|(name, route)| {
                let methods = METHODS.iter().zip(&route.0);
                methods.filter_map(move |(method, figures)| Some((&***name, *method, figures.get()?)))
            })
        };
        out.gauge(
            "strata_http_requests_in_flight",
            "Requests that are being answered.",
            self.in_flight.load(Ordering::Relaxed),
        );
        out.family(
            "strata_http_requests_total",
            "counter",
            "Requests, by the route's template; none where no route was met.",
        );
        for (route, method, figures) in each() {
            for (status, count) in STATUSES.iter().zip(&figures.statuses) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let labels = [("route", route), ("method", method), ("status", &*status.to_string())];
                    out.sample("strata_http_requests_total", &labels, count);
                }
            }
        }
        const DURATION: &str = "strata_http_request_duration_seconds";
        out.family(DURATION, "histogram", "Time until the answer began.");
        for (route, method, figures) in each() {
            figures.write_durations(DURATION, [("route", route), ("method", method)], out);
        }
    }
}

impl Route {
    fn answered(&self, method: &Method, status: StatusCode, took: Duration) {
        let index = METHODS.iter().position(|known| *known == method.as_str()).unwrap_or(METHODS.len() - 1);
        let figures = self.0[index].get_or_init(Box::default);
        let status = STATUSES.iter().position(|known| *known == status.as_u16()).or_else(|| {
            let class = status.as_u16() / 100 * 100;
            STATUSES.iter().position(|known| *known == class)
        });
        // A status that no class has can't be made into an answer.
        if let Some(status) = status {
            figures.statuses[status].fetch_add(1, Ordering::Relaxed);
        }
        let seconds = took.as_secs_f64();
        let class = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        figures.durations[class].fetch_add(1, Ordering::Relaxed);
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        figures.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}

impl Figures {
    fn write_durations(&self, name: &str, [route, method]: [(&str, &str); 2], out: &mut Exposition) {
        let mut sum = 0;
        let bounds = BOUNDS.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(&self.durations) {
            sum += count.load(Ordering::Relaxed);
            out.sample(&format!("{name}_bucket"), &[route, method, ("le", &bound)], sum);
        }
        let seconds = self.nanoseconds.load(Ordering::Relaxed) as f64 / 1e9;
        out.sample(&format!("{name}_sum"), &[route, method], seconds);
        out.sample(&format!("{name}_count"), &[route, method], sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_met_no_route_are_one_series_and_classes_add_up() {
        let requests = Requests::default();
        for (route, milliseconds) in [(None, 1), (None, 9_000), (Some("/a"), 3)] {
            requests.answered(route, &Method::GET, StatusCode::NOT_FOUND, Duration::from_millis(milliseconds));
        }
        let strange = Method::from_bytes(b"BREW").unwrap();
        requests.answered(None, &strange, StatusCode::IM_A_TEAPOT, Duration::ZERO);
        let mut out = Exposition::default();
        let _begun = requests.begin();
        requests.write(&mut out);
        let text = out.into_text();
        for line in [
            "strata_http_requests_in_flight 1",
            "strata_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 2",
            "strata_http_requests_total{route=\"/a\",method=\"GET\",status=\"404\"} 1",
            "strata_http_requests_total{route=\"none\",method=\"other\",status=\"400\"} 1",
            "strata_http_request_duration_seconds_bucket{route=\"none\",method=\"GET\",le=\"0.001\"} 1",
            "strata_http_request_duration_seconds_bucket{route=\"none\",method=\"GET\",le=\"5\"} 1",
            "strata_http_request_duration_seconds_bucket{route=\"none\",method=\"GET\",le=\"+Inf\"} 2",
            "strata_http_request_duration_seconds_sum{route=\"none\",method=\"GET\"} 9.001",
            "strata_http_request_duration_seconds_count{route=\"none\",method=\"GET\"} 2",
        ] {
            assert!(text.lines().any(|known| known == line), "{line} is not in {text}");
        }
    }
}
