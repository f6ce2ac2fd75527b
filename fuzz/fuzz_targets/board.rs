//! The program of the target `board`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| strata_config_fuzz::board(data));
