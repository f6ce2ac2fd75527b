use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested, merge = "deep")]
    db: Db,
}

fn main() {}
