use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested(optional))]
    db: Db,
}

fn main() {}
