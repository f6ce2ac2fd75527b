use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(nested, validate(length(min = 1)))]
    db: Db,
}

fn main() {}
