//! An application with a configuration: it runs by the same options that `config` explains.
//!
//! ```sh
//! cargo run -p strata-config-cli --example embed -- run --port 9000
//! PORT=9000 cargo run -p strata-config-cli --example embed -- config explain
//! cargo run -p strata-config-cli --example embed -- config get port --set port=9000
//! cargo run -p strata-config-cli --example embed -- config set port 9000
//! ```

use std::process::ExitCode;

use clap::Command;
use strata_config::LayeredConfig;
use strata_config_cli::ConfigCommand;

/// A server's settings.
#[derive(LayeredConfig)]
struct AppConfig {
    /// Address to bind.
    #[config(default = "127.0.0.1")]
    bind: std::net::IpAddr,
    /// TCP port.
    #[config(default = 8080, env = "PORT", validate(range(min = 1024)))]
    port: u16,
}

fn main() -> ExitCode {
    let config = ConfigCommand::new(|| AppConfig::loader().file("app.toml").optional().env());
    let app = Command::new("app")
        .subcommand_required(true)
        .subcommand(Command::new("run").about("Runs the server").args(config.args()))
        .subcommand(config.command("config"));
    match app.get_matches().subcommand() {
        Some(("config", matches)) => config.run(matches),
        Some((_, matches)) => match config.loader(matches).map(|loader| loader.load()) {
            Ok(Ok(app)) => {
                println!("listening on {}:{}", app.bind, app.port);
                ExitCode::SUCCESS
            }
            Ok(Err(report)) => {
                eprint!("{report}");
                ExitCode::from(1)
            }
            Err(usage) => {
                eprintln!("error: {usage}");
                ExitCode::from(2)
            }
        },
        None => ExitCode::from(2),
    }
}
