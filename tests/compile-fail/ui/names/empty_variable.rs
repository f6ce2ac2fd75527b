use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env = "")]
    port: u16,
}

fn main() {}
