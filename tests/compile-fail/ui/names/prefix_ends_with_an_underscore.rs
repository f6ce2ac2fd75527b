use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(env_prefix = "APP_")]
struct App {
    port: u16,
}

fn main() {}
