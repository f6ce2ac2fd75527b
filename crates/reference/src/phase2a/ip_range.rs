//! An address, or a network in CIDR notation: a leaf type of one's own.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Addresses that share their first bits: `192.168.1.7`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IpRange {
    address: IpAddr,
    /// Leading bits that count; all of them for a single address.
    bits: u8,
}

impl IpRange {
    /// Whether `address` is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                (ours.to_bits() ^ theirs.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }
}

impl FromStr for IpRange {
    type Err = InvalidIpRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| InvalidIpRange::Address)?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= all).ok_or(InvalidIpRange::Bits { all })?,
            None => all,
        };
        Ok(Self { address, bits })
    }
}

impl TryFrom<String> for IpRange {
    type Error = InvalidIpRange;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IpRange> for String {
    fn from(range: IpRange) -> Self {
        range.to_string()
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == all { self.address.fmt(f) } else { write!(f, "{}/{}", self.address, self.bits) }
    }
}

/// Why a text is no [`IpRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidIpRange {
    /// What stands before the slash, or the whole text, is no IP address.
    Address,
    /// What stands after the slash is no number of bits.
    Bits {
        /// The bits of such an address.
        all: u8,
    },
}

impl fmt::Display for InvalidIpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address => f.write_str("expected an IP address, or a network such as 10.0.0.0/8"),
            Self::Bits { all } => write!(f, "expected a number of bits from 0 to {all} after the slash"),
        }
    }
}

impl Error for InvalidIpRange {}
