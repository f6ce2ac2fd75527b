use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
enum Store {
    File { r#type: String },
    None,
}

fn main() {}
