use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(url))]
    hosts: Vec<String>,
}

fn main() {}
