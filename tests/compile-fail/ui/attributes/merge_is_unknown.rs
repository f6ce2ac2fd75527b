use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(merge = "concat")]
    hosts: Vec<String>,
}

fn main() {}
