use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(skip)]
    port: u16,
}

fn main() {}
