use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested, key = "database")]
    db: Db,
}

fn main() {}
