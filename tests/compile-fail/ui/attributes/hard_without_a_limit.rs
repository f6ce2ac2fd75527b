use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(profile(pi_zero_2w(default = 1, hard)))]
    port: u16,
}

fn main() {}
