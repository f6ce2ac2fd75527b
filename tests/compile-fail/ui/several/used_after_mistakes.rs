use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct Db {
    #[config(defualt = 8)]
    pool: u16,
}

#[derive(LayeredConfig)]
struct App {
    #[config(nested)]
    db: Db,
}

fn main() {}
