//! What is exported loads to the same configuration.

use crate::shell::{Shell, text};

/// Settings beyond the defaults of each system, as a document.
const SYSTEMS: [(&str, &str); 5] = [
    (
        "phase2a",
        "rollout_user_agent_whitelist: [\"curl/*\", \"it's, $HOME\"]\nrollout_ip_whitelist: [10.0.0.0/8, \"::1\"]\n\
         connection_pool: {http_connection_timeout: 2.5}\nalerts: {enabled: false}\n",
    ),
    ("dual-write", "global_override: realtime_only\ncategories: {debug: {percentage: 12, adapters: [websocket]}}\n"),
    ("webapp", "debug: true\napi: {base_url: \"http://[::1]:8/?a=b#c\"}\nfeatures: {dark_mode: true}\n"),
    ("learning", "feature_flags: {beta_users: [\"a b\", c], feature_rollouts: {diagnostics: 0.25}}\n"),
    ("lazy-loading", "{}\n"),
];

#[test]
fn an_export_loads_to_the_same_configuration() {
    for (system, document) in SYSTEMS {
        let shell = Shell::new(&[("site.yaml", document)], &[("SECRET_KEY", "0123456789abcdef0123456789abcdef")]);
        for format in ["toml", "yaml", "json", "env"] {
            let output = shell.run(&format!("{system} export -f site.yaml --as {format}"));
            assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{system} {format}");
            shell.write(&format!("out.{format}"), &text(&output.stdout));
            let option = if format == "env" { "--env-file" } else { "-f" };
            let before = shell.ok(&format!("{system} export -f site.yaml --as json"));
            let after = shell.ok(&format!("{system} export {option} out.{format} --as json"));
            assert_eq!(before, after, "{system} {format}");
        }
        assert_eq!(shell.ok(&format!("{system} diff out.toml out.yaml")), "", "{system}");
    }
}
