use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(url("https")))]
    home: String,
}

fn main() {}
