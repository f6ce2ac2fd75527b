use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(rename = "")]
    port: u16,
}

fn main() {}
