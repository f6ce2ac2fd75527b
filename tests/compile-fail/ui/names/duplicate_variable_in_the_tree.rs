use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct Db {
    url: String,
}

#[derive(LayeredConfig)]
struct App {
    db_url: String,
    #[config(nested)]
    db: Db,
}

fn main() {}
