use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(allow_empty)]
    port: u16,
}

fn main() {}
