use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(merge = "deep")]
    hosts: Vec<String>,
}

fn main() {}
