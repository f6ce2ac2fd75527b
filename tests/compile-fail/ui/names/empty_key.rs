use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = false, key = "")]
    dashboard: bool,
}

fn main() {}
