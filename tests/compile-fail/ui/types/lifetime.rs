use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App<'a> {
    name: std::borrow::Cow<'a, str>,
}

fn main() {}
