use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(one_of()))]
    mode: String,
}

fn main() {}
