use strata_config::{ConfigEnum, LayeredConfig};

#[derive(ConfigEnum, Clone, PartialEq)]
enum Level {
    Debug,
    Info,
}

#[derive(LayeredConfig)]
struct App {
    #[config(default = "inof")]
    level: Level,
}

fn main() {}
