use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(profile(pi_zero_2w(default = 32, max = 20)))]
    pool: u16,
}

fn main() {}
