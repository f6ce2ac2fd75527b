use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(secret)]
    key: String,
}

fn main() {}
