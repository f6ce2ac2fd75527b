use strata_config::ConfigEnum;

#[derive(ConfigEnum)]
#[config(rename_all = "loud", tag = "type")]
enum Level {
    #[config(alias = "", nickname = "dbg")]
    Debug,
    #[config(rename = "debug")]
    Info(u8),
}

fn main() {}
