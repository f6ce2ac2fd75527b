use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(computed)]
    started: String,
}

fn main() {}
