use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(regex()))]
    name: String,
}

fn main() {}
