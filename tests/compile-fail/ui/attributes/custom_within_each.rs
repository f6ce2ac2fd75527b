use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(each(custom = check))]
    ports: Vec<u16>,
}

fn main() {}
