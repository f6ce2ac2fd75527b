use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(warn("too much"))]
    pool: u16,
}

fn main() {}
