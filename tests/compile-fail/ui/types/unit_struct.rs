use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App;

fn main() {}
