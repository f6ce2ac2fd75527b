use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(fallback = "many")]
    pool: u16,
}

fn main() {}
