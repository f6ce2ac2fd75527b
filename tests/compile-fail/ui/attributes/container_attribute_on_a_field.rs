use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(allow_unknown)]
    port: u16,
}

fn main() {}
