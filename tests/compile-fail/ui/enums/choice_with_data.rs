use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level {
    Debug,
    Custom(String),
}

fn main() {}
