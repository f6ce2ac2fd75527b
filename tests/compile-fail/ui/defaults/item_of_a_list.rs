use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = [80, 70000, "x"])]
    ports: Vec<u16>,
}

fn main() {}
