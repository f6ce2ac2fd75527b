use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    port: Option<Option<u16>>,
}

fn main() {}
