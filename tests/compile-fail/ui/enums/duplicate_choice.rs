use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level {
    Info,
    #[config(rename = "INFO")]
    Information,
}

fn main() {}
