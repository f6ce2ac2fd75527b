use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(allow_empty, env = false)]
    name: String,
}

fn main() {}
