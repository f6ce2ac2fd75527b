use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(profile(pi_zero_2w(limit = 1)))]
    port: u16,
}

fn main() {}
