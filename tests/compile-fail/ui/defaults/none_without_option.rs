use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = None)]
    port: u16,
}

fn main() {}
