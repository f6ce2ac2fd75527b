use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env = 5)]
    port: u16,
}

fn main() {}
