use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(alias = "port")]
    port: u16,
}

fn main() {}
