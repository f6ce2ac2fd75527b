use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(min = 1)))]
    on: bool,
}

fn main() {}
