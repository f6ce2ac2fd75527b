use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App(u16);

fn main() {}
