use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(env = "PORT")]
    port: u16,
    #[config(env = ["ADMIN_PORT", "PORT"])]
    admin: u16,
}

fn main() {}
