use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(custom = "check")]
    port: u16,
}

fn main() {}
