use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested, reload = "restart")]
    db: Db,
}

fn main() {}
