use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level {
    #[config(default)]
    Info,
    Debug,
}

fn main() {}
