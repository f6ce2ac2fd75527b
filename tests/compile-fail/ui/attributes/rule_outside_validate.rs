use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(range(min = 1))]
    port: u16,
}

fn main() {}
