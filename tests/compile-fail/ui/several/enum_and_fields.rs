use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(rename_all = "loud")]
enum Store {
    File { #[config(default = 5)] path: String },
    S3(String),
    #[config(rename = "file")]
    Disk { r#type: bool },
}

fn main() {}
