use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 80, validate(range(min = 1024)))]
    port: u16,
}

fn main() {}
