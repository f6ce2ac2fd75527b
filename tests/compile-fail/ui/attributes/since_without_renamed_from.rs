use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(since = "0.3")]
    port: u16,
}

fn main() {}
