use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = "", validate(length(min = 1)))]
    name: String,
}

fn main() {}
