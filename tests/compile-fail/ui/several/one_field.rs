use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 70000, fallback = "x", env = "", merge = "append", alias = "port")]
    port: u16,
}

fn main() {}
