//! Flags, asked for many units: how many of them a share of 25 % takes in.

use strata_config_flags::Flags;

use crate::phase2a::{Component, FeatureFlagContext};

/// Clients that ask.
const UNITS: u32 = 10_000;

/// Asks for each component and tells how many clients got it.
pub(crate) fn evaluate(flags: &Flags) {
    for component in Component::ALL {
        let served = (0..UNITS).filter(|unit| {
            // Networks that no list admits.
            let [_, a, b, c] = unit.to_be_bytes();
            let address = format!("172.{}.{b}.{c}", 16 + a);
            let request = FeatureFlagContext {
                client_ip: Some(&address),
                user_agent: Some("device"),
                ..FeatureFlagContext::default()
            };
            flags.bool(component.key(), &request.to_context(), false)
        });
        println!("flag {} units={UNITS} on={}", component.key(), served.count());
    }
}
