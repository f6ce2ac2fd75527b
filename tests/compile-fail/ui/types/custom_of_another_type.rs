use strata_config::LayeredConfig;

fn check(_: &str) -> Result<(), String> {
    Ok(())
}

#[derive(LayeredConfig)]
struct App {
    #[config(custom = check)]
    port: u16,
}

fn main() {}
