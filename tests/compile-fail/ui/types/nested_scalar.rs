use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(nested)]
    port: u16,
}

fn main() {}
