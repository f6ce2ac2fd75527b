//! No output holds a secret.

use crate::shell::{Shell, text};

/// Every secret of the web application.
const SECRETS: [&str; 10] = [
    "SECRET_KEY",
    "JWT_SECRET",
    "JWT_SECRET_ENCRYPTED",
    "ENCRYPTION_KEY",
    "DATABASE_URL",
    "DATABASE_PASSWORD",
    "REDIS_URL",
    "API_KEY",
    "SENTRY_DSN",
    "DATADOG_API_KEY",
];

const COMMANDS: [&str; 10] = [
    "explain",
    "explain database.url",
    "explain monitoring",
    "check",
    "get secret_key",
    "get database",
    "export --as toml",
    "export --as yaml",
    "export --as json",
    "export --as env",
];

/// Runs every command in both formats and asserts that nothing shows a secret.
fn assert_silent(shell: &Shell, options: &str) {
    for command in COMMANDS.iter().copied().chain(["diff secrets.toml other.toml"]) {
        for format in ["text", "json"] {
            let output = shell.run(&format!("webapp {command} --format {format} {options}"));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(!said.contains("CANARY"), "{command} {format} {options}: {said}");
        }
    }
}

const DOCUMENT: &str = "secret_key = \"CANARY-0123456789abcdef0123456789abcdef\"
jwt_secret = \"CANARY-jwt\"
jwt_secret_encrypted = \"CANARY-encrypted\"
encryption_key = \"CANARY-key\"

[database]
url = \"postgresql://u:CANARY@localhost/app\"
password = \"CANARY-password\"

[redis]
url = \"redis://:CANARY@localhost:6379/0\"

[api]
api_key = \"CANARY-api\"

[monitoring]
sentry_dsn = \"https://CANARY@sentry.example.com/1\"
datadog_api_key = \"CANARY-datadog\"
";

#[test]
fn a_secret_is_in_no_output() {
    let other = DOCUMENT.replace("CANARY", "CANARY2");
    let shell = Shell::new(&[("secrets.toml", DOCUMENT), ("other.toml", &other)], &[]);
    assert_eq!(shell.run("webapp -f secrets.toml check").status.code(), Some(0));
    assert_silent(&shell, "-f secrets.toml");
    assert_silent(&shell, "-f secrets.toml -f other.toml");
    let changes = shell.json("webapp diff secrets.toml other.toml");
    assert_eq!(changes.as_array().unwrap().len(), 10, "{changes}");

    let variables = SECRETS.map(|name| (name, "CANARY-0123456789abcdef0123456789abcdef"));
    let shell = Shell::new(&[("secrets.toml", DOCUMENT), ("other.toml", &other)], &variables);
    // The URLs are invalid now.
    assert_eq!(shell.run("webapp check").status.code(), Some(1));
    assert_silent(&shell, "");
}

#[test]
fn a_secret_is_in_no_output_where_its_document_is_wrong() {
    let other = ("other.toml", DOCUMENT);
    for (from, to) in [
        ("localhost/app\"", "localhost/app"),
        ("\"CANARY-jwt\"", "[\"CANARY-jwt\"]"),
        ("jwt_secret =", "jwt_secert ="),
        ("\"CANARY-key\"", "{ key = \"CANARY-key\" }"),
        ("postgresql:", "gopher:"),
        ("\"CANARY-0123456789abcdef0123456789abcdef\"", "\"CANARY\""),
        ("[monitoring]", "[monitoring"),
        ("password =", "password = \"CANARY\"\npassword ="),
    ] {
        let wrong = DOCUMENT.replacen(from, to, 1);
        assert_ne!(wrong, DOCUMENT);
        let shell = Shell::new(&[("secrets.toml", &wrong), other], &[]);
        assert_eq!(shell.run("webapp -f secrets.toml check").status.code(), Some(1), "{from}");
        assert_silent(&shell, "-f secrets.toml");
    }
}

#[test]
fn a_secret_of_a_dotenv_file_is_in_no_output() {
    for line in ["", "SENTRY_DSN='CANARY", "SECRET_KEY=CANARY2", "JWT_SECRET=\"CANARY ${NONE}\"", "API KEY=CANARY"] {
        let dotenv: String = SECRETS.map(|name| format!("{name}=CANARY-0123456789abcdef0123456789abcdef\n")).concat();
        let files = [("a.env", &*(dotenv + line)), ("secrets.toml", DOCUMENT), ("other.toml", DOCUMENT)];
        assert_silent(&Shell::new(&files, &[]), "--env-file a.env");
    }
}

#[test]
fn a_secret_of_the_command_line_is_in_no_output() {
    let shell = Shell::new(&[("secrets.toml", DOCUMENT), ("other.toml", DOCUMENT)], &[]);
    for options in [
        "--set secret_key=CANARY",
        "--secret-key CANARY",
        "--secret-key=CANARY --secret_key=CANARY",
        "--set CANARY",
        "--set database.url=CANARY --set database.ur=CANARY",
        "--database-url CANARY --databaseurl=CANARY",
        "--set secret_key.CANARY-part",
    ] {
        assert_silent(&shell, options);
    }
}
