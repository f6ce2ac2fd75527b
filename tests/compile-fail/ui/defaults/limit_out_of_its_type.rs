use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(max = 70000)))]
    port: u16,
}

fn main() {}
