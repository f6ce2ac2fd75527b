use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = [80, 8080], validate(each(range(min = 1024))))]
    ports: Vec<u16>,
}

fn main() {}
