//! What an application says of the interface's safety.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;

use super::Limits;

/// What an application says of the interface's safety.
#[derive(Debug, Clone, Default)]
pub(crate) struct Security {
    pub(crate) limits: Limits,
    /// The names that the server is called by, beside those of the machine itself; unchecked where nothing is said.
    pub(crate) hosts: Option<Vec<String>>,
    /// Proxies that are believed when they say whom they ask for.
    pub(crate) proxies: Vec<IpNet>,
    /// Origins whose pages may ask.
    pub(crate) origins: Vec<HeaderValue>,
    /// Serves on any address with a token that nobody has configured.
    pub(crate) anywhere: bool,
}

impl Security {
    /// Who asks: the peer itself, or whom a proxy that is believed names. Of several proxies each adds the address that it
    /// was asked by, so that the last one that is no proxy of ours is the client; what stands before it may be invented.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        let is_proxy = |address: &IpAddr| self.proxies.iter().any(|network| network.contains(address));
        if !is_proxy(&peer) {
            return peer;
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default()).collect();
        let mut client = peer;
        for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Ok(address) = text.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !is_proxy(&client) {
                break;
            }
        }
        client
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: &str, lines: &[&'static str]) -> String {
        let proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
        let security = Security { proxies, ..Security::default() };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        security.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_who_was_not_named() {
        assert_eq!(client(&[], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client(&[], "::ffff:192.0.2.1", &[]), "192.0.2.1");
    }

    #[test]
    fn the_last_address_that_is_no_proxy_is_the_client() {
        let ours = &["10.0.0.0/8"];
        assert_eq!(client(ours, "10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.2"]), "198.51.100.7");
        assert_eq!(client(ours, "10.0.0.1", &["1.1.1.1", "198.51.100.7", "10.0.0.2"]), "198.51.100.7");
        assert_eq!(client(ours, "10.0.0.1", &["198.51.100.7, nonsense"]), "10.0.0.1");
        assert_eq!(client(ours, "10.0.0.1", &[]), "10.0.0.1");
    }
}
