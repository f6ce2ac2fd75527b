use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(deprecated(because = "old"))]
    port: u16,
}

fn main() {}
