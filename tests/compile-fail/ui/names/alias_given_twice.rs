use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(alias = "p", renamed_from = "p")]
    port: u16,
}

fn main() {}
