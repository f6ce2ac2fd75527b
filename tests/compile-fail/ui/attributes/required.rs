use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(required)]
    port: u16,
}

fn main() {}
