use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default =)]
    port: u16,
}

fn main() {}
