use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(merge = "append")]
    port: u16,
}

fn main() {}
