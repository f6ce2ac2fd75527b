use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(profile(pi_zero_2w))]
    pool: u16,
}

fn main() {}
