use strata_config::{ByteSize, LayeredConfig};

#[derive(LayeredConfig)]
struct App {
    #[config(default = "1 lot")]
    cache: ByteSize,
}

fn main() {}
