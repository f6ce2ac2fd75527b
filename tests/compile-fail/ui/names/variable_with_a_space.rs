use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env = "MY PORT")]
    port: u16,
}

fn main() {}
