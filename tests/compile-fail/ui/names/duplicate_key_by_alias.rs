use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(alias = "admin")]
    port: u16,
    admin: u16,
}

fn main() {}
