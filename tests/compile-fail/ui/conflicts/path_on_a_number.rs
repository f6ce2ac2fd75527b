use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(path)]
    port: u16,
}

fn main() {}
