use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 5)]
    name: String,
}

fn main() {}
