use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env = true)]
    port: u16,
}

fn main() {}
