use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
enum Store {
    File(String),
    S3 { bucket: String },
}

fn main() {}
