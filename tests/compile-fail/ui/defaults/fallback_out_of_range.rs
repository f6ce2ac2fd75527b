use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(fallback = 0, validate(range(min = 1)))]
    pool: u16,
}

fn main() {}
