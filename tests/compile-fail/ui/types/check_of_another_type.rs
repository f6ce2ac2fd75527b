use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(validate = Self::check)]
struct App {
    port: u16,
}

impl App {
    fn check(&self) {}
}

fn main() {}
