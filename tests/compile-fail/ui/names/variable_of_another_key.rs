use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
#[config(env_prefix = "APP")]
struct App {
    port: u16,
    #[config(env = "APP_PORT")]
    admin: u16,
}

fn main() {}
