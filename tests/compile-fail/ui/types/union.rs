use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
union App {
    port: u16,
}

fn main() {}
