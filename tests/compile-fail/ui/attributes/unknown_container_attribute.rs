use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(env_perfix = "APP")]
struct App {
    port: u16,
}

fn main() {}
