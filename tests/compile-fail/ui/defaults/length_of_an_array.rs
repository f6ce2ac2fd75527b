use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = [1, 2, 3])]
    pair: [u8; 2],
}

fn main() {}
