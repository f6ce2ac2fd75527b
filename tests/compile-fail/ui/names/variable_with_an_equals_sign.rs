use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env = "A=B")]
    port: u16,
}

fn main() {}
