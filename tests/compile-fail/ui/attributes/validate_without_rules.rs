use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate())]
    port: u16,
}

fn main() {}
