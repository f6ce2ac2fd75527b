use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
enum Store {
    #[config(alias = "disk")]
    File { path: String },
}

fn main() {}
