use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = "yes")]
    on: bool,
}

fn main() {}
