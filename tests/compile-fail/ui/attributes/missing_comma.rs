use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 8080 env = "PORT")]
    port: u16,
}

fn main() {}
