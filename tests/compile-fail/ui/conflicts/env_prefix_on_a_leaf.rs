use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env_prefix = "DB")]
    port: u16,
}

fn main() {}
