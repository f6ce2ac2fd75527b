use strata_config::LayeredConfig;

struct Db;

#[derive(LayeredConfig)]
struct App {
    #[config(flatten)]
    db: Option<Db>,
}

fn main() {}
