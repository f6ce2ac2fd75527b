use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    name: &'static str,
}

fn main() {}
