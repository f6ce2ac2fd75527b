use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested, default = 1)]
    db: Db,
}

fn main() {}
