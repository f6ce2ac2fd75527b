use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 80)]
    ports: Vec<u16>,
}

fn main() {}
