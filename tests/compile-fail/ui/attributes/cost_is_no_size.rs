use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(cost = "a lot")]
    buffers: u16,
}

fn main() {}
