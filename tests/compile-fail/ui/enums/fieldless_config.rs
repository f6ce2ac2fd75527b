use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
enum Level {
    Debug,
    Info,
}

fn main() {}
