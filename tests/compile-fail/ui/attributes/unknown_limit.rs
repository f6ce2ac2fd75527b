use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(mim = 1)))]
    port: u16,
}

fn main() {}
