use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(reload = "hot")]
    port: u16,
}

fn main() {}
