use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(env_prefix = "APP_", tag = "kind")]
struct App {
    #[config(default = -1)]
    port: u16,
    #[config(validate(range(min = 1)))]
    name: String,
    #[config(nested, secret)]
    db: Option<String>,
}

fn main() {}
