use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(rename_all = "kebap-case")]
struct App {
    port: u16,
}

fn main() {}
