use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(env_prefix = APP)]
struct App {
    port: u16,
}

fn main() {}
