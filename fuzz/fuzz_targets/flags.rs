//! The program of the target `flags`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| strata_config_fuzz::flags(data));
