//! A client of server-sent events, as the standard has them.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value as Json;

use crate::site::{TOKEN, bearer};

/// A stream that is read event by event.
pub(crate) struct Listener {
    pub(crate) headers: ureq::http::HeaderMap,
    lines: BufReader<ureq::BodyReader<'static>>,
    /// The id that a browser would come back with.
    pub(crate) last_id: String,
}

/// One event.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) event: String,
    pub(crate) data: Json,
    /// The same as it came.
    pub(crate) text: String,
}

impl Told {
    /// The revision that it tells of.
    pub(crate) fn revision(&self) -> u64 {
        self.data["revision"].as_u64().unwrap()
    }
}

impl Listener {
    /// Listens, from an id on where there is one.
    pub(crate) fn open(address: SocketAddr, query: &str, last_id: &str) -> Self {
        // A test that waits in vain ends.
        let agent: ureq::Agent =
            ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(120))).build().into();
        let mut request =
            agent.get(format!("http://{address}/api/v1/events{query}")).header("authorization", bearer(TOKEN));
        if !last_id.is_empty() {
            request = request.header("last-event-id", last_id);
        }
        let response = request.call().unwrap();
        let headers = response.headers().clone();
        let mut listener =
            Self { headers, lines: BufReader::new(response.into_body().into_reader()), last_id: last_id.to_owned() };
        // The greeting: from then on the server counts this one in.
        assert_eq!(listener.block().unwrap().event, "");
        listener
    }

    /// The next event; nothing at the end.
    pub(crate) fn next(&mut self) -> Option<Told> {
        loop {
            let told = self.block()?;
            if !told.event.is_empty() {
                return Some(told);
            }
        }
    }

    /// The next event of a kind.
    pub(crate) fn next_of(&mut self, kind: &str) -> Told {
        std::iter::from_fn(|| self.next()).find(|told| told.event == kind).expect("the stream goes on")
    }

    /// Lines up to the next empty one.
    fn block(&mut self) -> Option<Told> {
        let mut told = Told { id: String::new(), event: String::new(), data: Json::Null, text: String::new() };
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            let line = line.trim_end_matches('\n');
            match line.split_once(": ") {
                Some(("id", id)) => {
                    id.clone_into(&mut told.id);
                    id.clone_into(&mut self.last_id);
                }
                Some(("event", event)) => event.clone_into(&mut told.event),
                Some(("data", data)) => {
                    told.data = serde_json::from_str(data).unwrap();
                    data.clone_into(&mut told.text);
                }
                Some(("" | "retry", _)) => {}
                None if line.is_empty() => return Some(told),
                other => panic!("{line}: {other:?}"),
            }
        }
    }
}
