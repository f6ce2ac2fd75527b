use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(default = 70000 env = "A=B", validate(rnage(min = 1)) reload = "hot")]
    port: u16,
    #[config(default =, secret = 1)]
    key: String,
}

fn main() {}
