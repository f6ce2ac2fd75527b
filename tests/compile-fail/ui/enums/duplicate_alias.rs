use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level {
    #[config(alias = "warning")]
    Warn,
    #[config(alias = "Warning", alias = "err")]
    Error,
}

fn main() {}
