use std::net::IpAddr;

use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = "localhost")]
    bind: IpAddr,
}

fn main() {}
