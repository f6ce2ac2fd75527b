//! The name that a client calls the server by: a page whose name was bound to this machine's address must not reach it.

use axum::extract::Request;
use axum::http::{StatusCode, header};

use crate::problem::Problem;

/// What a server on a loopback address is called.
const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Refuses names that are not ours. Nothing is checked where no names are known.
pub(super) fn check(request: &Request, names: Option<&[String]>) -> Result<(), Problem> {
    let Some(names) = names else { return Ok(()) };
    let headers = request.headers().get_all(header::HOST);
    let said = headers.iter().map(|host| host.to_str().unwrap_or_default());
    // A whole address in the request line counts more than the header (RFC 9112, section 3.2.2), so both must be ours.
    let line = request.uri().authority().map(|authority| authority.as_str());
    let mut any = false;
    for host in said.chain(line) {
        any = true;
        let name = without_port(host);
        let known = LOCAL.into_iter().chain(names.iter().map(String::as_str));
        if !known.into_iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let detail = "this server is not called that; see the option for its host names";
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", detail));
        }
    }
    if any { Ok(()) } else { Err(Problem::malformed("the request has no header `Host`")) }
}

/// The name of `name:port`; an IPv6 address keeps its brackets.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn status(host: &[&str], uri: &str) -> Option<StatusCode> {
        let mut request = Request::builder().uri(uri);
        for host in host {
            request = request.header(header::HOST, *host);
        }
        let request = request.body(Body::empty()).unwrap();
        check(&request, Some(&["config.example".to_owned()])).err().map(|problem| problem.status())
    }

    #[test]
    fn names_of_this_machine_and_those_that_were_given_are_ours() {
        for host in ["localhost", "LOCALHOST:7000", "127.0.0.1:80", "[::1]", "[::1]:8080", "config.example:443"] {
            assert_eq!(status(&[host], "/"), None, "{host}");
        }
    }

    #[test]
    fn every_other_name_is_refused_wherever_it_stands() {
        for host in
            ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil", "", "::1", "localhost:x"]
        {
            assert_eq!(status(&[host], "/"), Some(StatusCode::MISDIRECTED_REQUEST), "{host}");
        }
        assert_eq!(status(&["localhost", "evil.example"], "/"), Some(StatusCode::MISDIRECTED_REQUEST));
        assert_eq!(status(&["localhost"], "http://evil.example/"), Some(StatusCode::MISDIRECTED_REQUEST));
        assert_eq!(status(&[], "/"), Some(StatusCode::BAD_REQUEST));
    }
}
