use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(computed, env = "UPTIME")]
    uptime: u64,
}

fn main() {}
