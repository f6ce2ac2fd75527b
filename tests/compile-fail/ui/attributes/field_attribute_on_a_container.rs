use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(merge = "deep")]
struct App {
    port: u16,
}

fn main() {}
