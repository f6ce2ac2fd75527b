//! The binary `strata` with the feature `aws`, against AWS Secrets Manager as moto's server plays it:
//! `cargo test --package strata-config-reference --features aws --test aws -- --ignored`.
#![cfg(feature = "aws")]

#[expect(dead_code, reason = "it is the server of other tests, too")]
#[path = "../../../secrets/tests/aws/moto.rs"]
mod moto;
#[expect(dead_code, reason = "it is the proxy of other tests, too")]
#[path = "../../../secrets/tests/aws/proxy.rs"]
mod proxy;
#[expect(dead_code, reason = "it is the server of other tests, too")]
#[path = "../seeds/server.rs"]
mod server;
#[expect(dead_code, reason = "it is the shell of other tests, too")]
#[path = "../cli/shell.rs"]
mod shell;
mod webapp;
