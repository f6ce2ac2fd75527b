use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 8080u32)]
    port: u16,
}

fn main() {}
