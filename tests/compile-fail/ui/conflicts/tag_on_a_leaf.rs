use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(tag = "type")]
    port: u16,
}

fn main() {}
