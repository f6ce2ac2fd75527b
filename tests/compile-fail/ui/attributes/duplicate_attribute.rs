use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 1, default = 2)]
    port: u16,
}

fn main() {}
