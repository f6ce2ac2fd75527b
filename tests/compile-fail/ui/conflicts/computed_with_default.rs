use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(computed, default = 1)]
    uptime: u64,
}

fn main() {}
