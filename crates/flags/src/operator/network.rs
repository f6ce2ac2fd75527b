//! Networks in CIDR notation and single addresses, of both versions.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

/// A network that an address is in or not. A single address is a network of one.
///
/// `::ffff:192.0.2.1`, the form in which a server that listens on both versions sees a caller of version 4, is the
/// address `192.0.2.1` (RFC 4291, 2.5.5.2), in a rule as in a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network(IpNet);

impl Network {
    /// Reads `10.0.0.0/8`, `2001:db8::/32` or an address. Bits beyond the prefix count for nothing. No netmasks, no
    /// ports, no brackets, no zones, no spaces, and no leading zeros in version 4, which some read as octal.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if !text.contains('/') {
            return address(text).map(|address| Self(address.into()));
        }
        let network = text.parse::<IpNet>().ok()?;
        Some(Self(without_mapping(network)))
    }

    /// Whether an attribute's text is an address in this network; none where it is no address.
    pub(crate) fn contains(&self, text: &str) -> Option<bool> {
        address(text).map(|address| self.contains_address(address))
    }

    /// The same for an address that was read already.
    pub(crate) fn contains_address(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

/// An attribute's text as an address, mapped ones as version 4.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok().map(|address: IpAddr| address.to_canonical())
}

fn without_mapping(network: IpNet) -> IpNet {
    let mapped = |network: &ipnet::Ipv6Net| -> Option<Ipv4Net> {
        let length = network.prefix_len().checked_sub(96)?;
        let address: Ipv4Addr = Ipv6Addr::to_ipv4_mapped(&network.addr())?;
        Ipv4Net::new(address, length).ok()
    };
    match network {
        IpNet::V6(six) => mapped(&six).map_or(network, IpNet::V4),
        IpNet::V4(_) => network,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Network;

    fn contains(network: &str, text: &str) -> Option<bool> {
        Network::parse(network)?.contains(text)
    }

    #[test]
    fn a_network_holds_its_addresses() {
        assert_eq!(contains("160.33.0.0/16", "160.33.0.33"), Some(true));
        assert_eq!(contains("160.33.0.0/16", "160.34.0.1"), Some(false));
        assert_eq!(contains("2001:db8::/32", "2001:db8:0:1::42"), Some(true));
        assert_eq!(contains("2001:db8::/32", "2001:db9::1"), Some(false));
        assert_eq!(contains("0.0.0.0/0", "255.255.255.255"), Some(true));
        assert_eq!(contains("10.1.2.3/8", "10.9.9.9"), Some(true));
    }

    #[test]
    fn an_address_is_a_network_of_one() {
        assert_eq!(contains("127.0.0.1", "127.0.0.1"), Some(true));
        assert_eq!(contains("127.0.0.1", "127.0.0.2"), Some(false));
        assert_eq!(contains("::1", "0:0:0:0:0:0:0:1"), Some(true));
    }

    #[test]
    fn mapped_addresses_are_those_of_version_4() {
        assert_eq!(contains("192.0.2.0/24", "::ffff:192.0.2.7"), Some(true));
        assert_eq!(contains("::ffff:192.0.2.0/120", "192.0.2.7"), Some(true));
        assert_eq!(contains("::ffff:192.0.2.7", "192.0.2.7"), Some(true));
        assert_eq!(contains("::ffff:192.0.2.0/120", "192.0.3.7"), Some(false));
    }

    #[test]
    fn the_versions_do_not_hold_each_other() {
        assert_eq!(contains("0.0.0.0/0", "::1"), Some(false));
        assert_eq!(contains("2001:db8::/32", "10.0.0.1"), Some(false));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0/8",
            "010.0.0.1",
            "::/129",
            "[::1]",
            "fe80::1%eth0",
            "10.0.0.1:80",
            "127.invalid",
            "bad::cidr",
            " 10.0.0.1",
            "10.0.0.0/255.0.0.0",
            "１０.0.0.1",
        ] {
            assert_eq!(Network::parse(text), None, "{text:?}");
            assert_eq!(contains("::/0", text), None, "{text:?}");
        }
        assert_eq!(contains("::/0", &"1".repeat(1_000_000)), None);
    }

    proptest! {
        #[test]
        fn an_address_is_in_every_network_around_it(bits: u128, length in 0_u8..=128) {
            let address = std::net::Ipv6Addr::from_bits(bits);
            prop_assert_eq!(contains(&format!("{address}/{length}"), &address.to_string()), Some(true));
        }

        #[test]
        fn no_text_panics(network in "[0-9a-f:./]{0,24}", text in ".{0,24}") {
            let _ = contains(&network, &text);
        }
    }
}
