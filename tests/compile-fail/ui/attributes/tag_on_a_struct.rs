use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(tag = "type")]
struct App {
    port: u16,
}

fn main() {}
