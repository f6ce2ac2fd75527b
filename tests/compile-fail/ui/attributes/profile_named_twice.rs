use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(profile(pi(default = 1), pi(max = 2)))]
    pool: u16,
}

fn main() {}
