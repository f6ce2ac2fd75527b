use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(min = 10, max = 1)))]
    pool: u16,
}

fn main() {}
