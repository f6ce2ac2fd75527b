use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 70000)]
    port: u16,
}

fn main() {}
