use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 1.5)]
    port: u16,
}

fn main() {}
