use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(flatten, rename = "database")]
    db: Db,
}

fn main() {}
