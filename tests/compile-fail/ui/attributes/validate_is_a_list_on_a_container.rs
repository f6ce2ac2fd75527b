use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(validate(range(min = 1)))]
struct App {
    port: u16,
}

fn main() {}
