use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested, env = "DB")]
    db: Db,
}

fn main() {}
