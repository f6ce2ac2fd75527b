use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(computed, nested)]
    db: Db,
}

fn main() {}
