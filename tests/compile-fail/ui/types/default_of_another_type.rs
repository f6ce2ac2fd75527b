use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = u8::MAX)]
    port: u16,
}

fn main() {}
