use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(min = 1), range(max = 2)))]
    port: u16,
}

fn main() {}
