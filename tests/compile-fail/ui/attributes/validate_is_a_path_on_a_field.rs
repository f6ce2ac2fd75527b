use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate = check)]
    port: u16,
}

fn main() {}
