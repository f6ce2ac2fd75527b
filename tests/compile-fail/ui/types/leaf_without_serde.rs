use strata_config::LayeredConfig;

struct Level(u8);

#[derive(LayeredConfig)]
struct App {
    level: Level,
}

fn main() {}
