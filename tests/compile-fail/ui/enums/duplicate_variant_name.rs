use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
enum Store {
    File { path: String },
    #[config(rename = "file")]
    Disk { path: String },
}

fn main() {}
