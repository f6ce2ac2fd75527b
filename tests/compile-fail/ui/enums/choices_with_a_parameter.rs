use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level<const N: usize> {
    Debug,
    Info,
}

fn main() {}
