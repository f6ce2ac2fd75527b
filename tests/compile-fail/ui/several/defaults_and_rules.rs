use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = [1, 300, "x"], validate(range(min = 1), each(length(max = 2), range(max = 9))))]
    ports: Vec<u8>,
    #[config(default = 5, validate(range(min = 9, max = 3)), profile(pi(default = 8, max = 4)))]
    pool: u8,
}

fn main() {}
