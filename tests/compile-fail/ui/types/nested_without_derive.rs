use strata_config::LayeredConfig;

struct Db {
    url: String,
}

#[derive(LayeredConfig)]
struct App {
    #[config(nested)]
    db: Db,
}

fn main() {}
