use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(banana)]
    port: u16,
}

fn main() {}
