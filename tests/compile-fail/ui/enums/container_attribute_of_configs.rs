use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
#[config(env_prefix = "LEVEL")]
enum Level {
    Info,
}

fn main() {}
