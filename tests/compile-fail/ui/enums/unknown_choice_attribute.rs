use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level {
    #[config(renmae = "x")]
    Info,
}

fn main() {}
