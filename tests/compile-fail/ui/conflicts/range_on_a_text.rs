use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(min = 1)))]
    name: String,
}

fn main() {}
