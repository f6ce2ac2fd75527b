use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config("PORT")]
    port: u16,
}

fn main() {}
