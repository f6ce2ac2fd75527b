use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(resource = "disk")]
    files: u16,
}

fn main() {}
