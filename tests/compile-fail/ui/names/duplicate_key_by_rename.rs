use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    port: u16,
    #[config(rename = "port")]
    admin: u16,
}

fn main() {}
