use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range()))]
    port: u16,
}

fn main() {}
