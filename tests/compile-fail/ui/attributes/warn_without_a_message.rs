use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(warn(range(max = 16)))]
    pool: u16,
}

fn main() {}
