use strata_config::LayeredConfig;

#[derive(LayeredConfig)]
struct App {
    #[config(defualt = 1, secert, renmae = "p", unit = "fortnights")]
    port: u16,
}

fn main() {}
