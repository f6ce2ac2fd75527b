use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(unit = "fortnights")]
    port: u16,
}

fn main() {}
