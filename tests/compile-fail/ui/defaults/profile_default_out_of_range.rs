use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(validate(range(max = 16)), profile(pi_zero_2w(default = 32)))]
    pool: u16,
}

fn main() {}
