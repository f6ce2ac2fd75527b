//! Wrong tokens, counted by the address that they come from.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::meter::{Meter, Rate};

/// The most addresses that are counted by themselves; those beyond share one count.
const MOST: usize = 10_000;

/// Who tries wrong tokens too often is told to wait, in place of being told that they are wrong.
///
/// A right token is let in all the same. Secrets are too long to be guessed by trying, so that the limit need not
/// protect them: it spares the log and the audit. And were right tokens kept out, whoever shares an address with the
/// operator, behind a proxy or on the machine itself, could lock the operator out.
#[derive(Debug)]
pub(crate) struct Failures {
    rate: Rate,
    began: Instant,
    by_address: Mutex<HashMap<Option<IpAddr>, Meter>>,
    /// Of all addresses beyond [`MOST`].
    others: Meter,
}

impl Failures {
    pub(crate) fn new(per_minute: u32) -> Self {
        let rate = Rate::new(per_minute, Duration::from_secs(60));
        Self { rate, began: Instant::now(), by_address: Mutex::default(), others: Meter::default() }
    }

    /// Counts a wrong token, or says how long its sender has to wait.
    pub(crate) fn count(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        self.count_at(address, self.began.elapsed())
    }

    fn count_at(&self, address: Option<IpAddr>, now: Duration) -> Result<(), Duration> {
        let key = address.map(network);
        let mut meters = self.by_address.lock().unwrap_or_else(|held| held.into_inner());
        if meters.len() >= MOST && !meters.contains_key(&key) {
            meters.retain(|_, meter| !meter.is_quiet(now));
            if meters.len() >= MOST {
                return self.others.take(self.rate, now);
            }
        }
        meters.entry(key).or_default().take(self.rate, now)
    }
}

/// What one client has for itself: an IPv4 address, or a network of IPv6 (/64).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(number: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(number.into()))
    }

    #[test]
    fn one_address_waits_and_another_does_not() {
        let failures = Failures::new(2);
        assert!(failures.count_at(v4(1), Duration::ZERO).is_ok());
        assert!(failures.count_at(v4(1), Duration::ZERO).is_ok());
        assert_eq!(failures.count_at(v4(1), Duration::ZERO), Err(Duration::from_secs(30)));
        assert!(failures.count_at(v4(2), Duration::ZERO).is_ok());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let failures = Failures::new(1);
        let of = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        assert!(failures.count_at(of("2001:db8::1"), Duration::ZERO).is_ok());
        assert!(failures.count_at(of("2001:db8::2"), Duration::ZERO).is_err());
        assert!(failures.count_at(of("2001:db8:0:1::1"), Duration::ZERO).is_ok());
    }

    #[test]
    fn memory_is_bounded_and_the_quiet_are_forgotten() {
        let failures = Failures::new(1);
        for number in 0..MOST as u32 {
            assert!(failures.count_at(v4(number), Duration::ZERO).is_ok());
        }
        let beyond = MOST as u32;
        assert!(failures.count_at(v4(beyond), Duration::ZERO).is_ok());
        assert!(failures.count_at(v4(beyond + 1), Duration::ZERO).is_err(), "they share one count");
        assert_eq!(failures.by_address.lock().unwrap().len(), MOST);
        assert!(failures.count_at(v4(beyond + 1), Duration::from_secs(61)).is_ok());
        assert_eq!(failures.by_address.lock().unwrap().len(), 1);
    }
}
