use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = "c", validate(one_of("a", "b")))]
    mode: String,
}

fn main() {}
