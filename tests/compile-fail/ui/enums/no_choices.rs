use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
enum Level {}

fn main() {}
