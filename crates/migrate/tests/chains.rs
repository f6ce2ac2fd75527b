//! What a chain must be, and why a version can't be reached.

use strata_config::{Document, Layer, LayeredConfig, Value};
use strata_config_migrate::{Direction, InvalidChain, MigrateError, Migrations, MigrationsBuilder, Refusal, Step};

#[derive(LayeredConfig)]
#[config(allow_unknown)]
struct Anything {}

fn document(text: &str) -> Document {
    Layer::parse("app.toml", text, Anything::SCHEMA).unwrap().document().clone()
}

fn three() -> MigrationsBuilder {
    Migrations::to("1.2.0")
        .step(Step::new("b", "1.1.0", "1.2.0").rename("new", "newest"))
        .step(Step::new("a", "1.0.0", "1.1.0").describe("One thing").rename("old", "new"))
}

#[track_caller]
fn problem(builder: MigrationsBuilder, said: &str) {
    let error: InvalidChain = builder.build().unwrap_err();
    assert!(error.problems().iter().any(|problem| problem.contains(said)), "{error}");
}

#[test]
fn steps_are_ordered_by_their_versions() {
    let chain = three().build().unwrap();
    let ids: Vec<&str> = chain.steps().map(Step::id).collect();
    assert_eq!(ids, ["a", "b"]);
    let versions: Vec<String> = chain.versions().map(ToString::to_string).collect();
    assert_eq!(versions, ["1.0.0", "1.1.0", "1.2.0"]);
}

#[test]
fn a_chain_has_no_gap_and_no_two_ways() {
    problem(Migrations::to("3").step(Step::new("a", "1", "2")), "the steps end at 2");
    problem(three().step(Step::new("c", "1.3.0", "1.4.0")), "no step leads from 1.2.0 to 1.3.0");
    problem(three().step(Step::new("c", "1.1.0", "1.1.5")), "two ways lead on from 1.1.0");
    problem(three().step(Step::new("c", "1.0.5", "1.1.0")), "two ways lead to 1.1.0");
    problem(three().step(Step::new("a", "1.2.0", "1.3.0")), "two steps have the id `a`");
    problem(three().step(Step::new("c", "1.3.0", "1.2.0")), "is not later");
    problem(three().step(Step::new("c", "new", "1.2.0")), "step `c`: a version has a number");
    problem(Migrations::to(""), "a version is not empty");
    problem(three().unversioned("1.0.5"), "at which no step begins");
    problem(three().key(""), "the key of the version is empty");
}

#[test]
fn every_problem_of_a_chain_is_told_at_once() {
    let error = Migrations::to("x").step(Step::new("", "2", "1")).unversioned("").build().unwrap_err();
    assert_eq!(error.problems().len(), 4, "{error}");
}

#[test]
fn a_plan_says_which_steps_what_and_how_long() {
    let text = document("version = '1.0.0'\nold = 1\n");
    let plan = three().build().unwrap().plan(&text, None).unwrap();
    assert_eq!((plan.from().as_str(), plan.to().as_str(), plan.direction()), ("1.0.0", "1.2.0", Direction::Up));
    let steps: Vec<_> = plan.steps().iter().map(|step| (step.id(), step.changes())).collect();
    assert_eq!(steps, [("a", 2), ("b", 2)]);
    assert_eq!(plan.steps()[0].description(), "One thing");
    assert_eq!(plan.changes(), 4);
    assert_eq!(plan.took(), plan.steps().iter().map(|step| step.took()).sum::<std::time::Duration>());
    assert!(!plan.is_empty() && plan.nodes() == 3);
}

#[test]
fn a_document_of_the_target_version_has_an_empty_plan() {
    let plan = three().build().unwrap().plan(&document("version = '1.2'"), None).unwrap();
    assert!(plan.is_empty() && plan.changes() == 0);
}

fn refused(text: &str, to: Option<&str>) -> MigrateError {
    three().build().unwrap().plan(&document(text), to).unwrap_err()
}

#[test]
fn what_can_not_be_reached_says_why() {
    let newer = refused("version = '1.3.0'", None);
    assert!(newer.is_newer() && newer.to_string().contains("newer than this program, which knows 1.2.0"), "{newer}");
    let older = refused("version = '0.9'", None);
    assert!(
        older.is_unreachable() && older.to_string().contains("older than 1.0.0, where the chain begins"),
        "{older}"
    );
    let between = refused("version = '1.0.5'", None);
    assert!(between.to_string().contains("no step begins or ends there"), "{between}");
    assert!(between.to_string().contains("known versions: 1.0.0, 1.1.0, 1.2.0"), "{between}");
    let target = refused("version = '1.0.0'", Some("9"));
    assert!(target.is_unreachable() && target.to_string().contains("the program knows 1.2.0 and older"), "{target}");
    let unreadable = refused("[version]\nmajor = 1", None);
    assert_eq!(unreadable.code(), "version");
    assert_eq!(refused("version = 'new'", None).code(), "version");
}

#[test]
fn an_irreversible_step_refuses_the_way_back_and_says_why() {
    let chain = Migrations::to("3")
        .step(Step::new("drop", "1", "2").removes("password"))
        .step(Step::new("hash", "2", "3").irreversible("a hash has no way back"))
        .build()
        .unwrap();
    let newest = document("version = '3'");
    let error = chain.plan(&newest, Some("2")).unwrap_err();
    assert!(error.is_irreversible() && error.step() == Some("hash"));
    assert!(error.to_string().contains("can't be taken back, since a hash has no way back"), "{error}");
    let error = chain.plan(&document("version = '2'"), Some("1")).unwrap_err();
    assert!(error.to_string().contains("it removes `password`"), "{error}");
    assert!(chain.plan(&document("password = 'x'"), None).is_ok());
}

#[test]
fn a_step_never_takes_what_is_there_already() {
    let error = refused("old = 1\nnew = 2\n", None);
    assert!(error.is_step() && error.step() == Some("a"), "{error}");
    assert!(error.to_string().contains("`old` can't move to `new`: both are set"), "{error}");
    let chain = Migrations::to("2").step(Step::new("a", "1", "2").moves("timeout", "http.timeout")).build().unwrap();
    for (http, what) in [("5", "no section"), ("[]", "a list, which nothing moves into")] {
        let error = chain.plan(&document(&format!("timeout = 1\nhttp = {http}\n")), None).unwrap_err().to_string();
        assert!(error.ends_with(&format!("`timeout` can't move to `http.timeout`: `http` is {what}")), "{error}");
    }
}

#[test]
fn a_check_runs_after_its_step_and_before_the_way_back() {
    let checked = || {
        Step::new("a", "1", "2").rename("old", "new").check(|edit| match edit.get("new")? {
            Some(Value::Int(1..=9)) => Ok(()),
            _ => Err("`new` is a digit".into()),
        })
    };
    let chain = Migrations::to("2").step(checked()).build().unwrap();
    assert!(chain.plan(&document("old = 5"), None).is_ok());
    assert!(chain.plan(&document("old = 50"), None).unwrap_err().to_string().contains("`new` is a digit"));
    assert!(chain.plan(&document("version = '2'\nnew = 50"), Some("1")).unwrap_err().is_step());
}

#[test]
fn the_last_document_is_checked_as_settings() {
    #[derive(LayeredConfig)]
    struct Config {
        #[config(default = 8, validate(range(max = 64)))]
        newest: u8,
    }
    let chain = three().build().unwrap();
    assert!(chain.plan_for::<Config>(&document("old = 5"), None).is_ok());
    let error = chain.plan_for::<Config>(&document("old = 500\nother = 1"), None).unwrap_err();
    let codes: Vec<&str> = error.report().unwrap().errors().map(|finding| finding.code).collect();
    assert!(error.is_invalid() && codes == ["value.overflow", "key.unknown"], "{error}");
}

#[test]
fn the_checksum_is_of_what_a_step_declares() {
    let step = || Step::new("a", "1", "2").rename("old", "new");
    assert_eq!(step().checksum(), step().describe("in other words").checksum());
    for other in [
        step().rename("more", "less"),
        step().edition(2),
        step().irreversible("why"),
        step().adds("x", 1),
        Step::new("b", "1", "2").rename("old", "new"),
        Step::new("a", "1", "3").rename("old", "new"),
    ] {
        assert_ne!(step().checksum(), other.checksum(), "{other:?}");
    }
    // Written into histories: it must stay what it is.
    assert!(step().checksum().starts_with("121db287867ed9c9"), "{}", step().checksum());
}

#[test]
fn renames_of_attributes_are_steps() {
    #[derive(LayeredConfig)]
    struct Server {
        #[config(default = "", renamed_from = "host", since = "1.2.0")]
        address: String,
    }
    #[derive(LayeredConfig)]
    struct Config {
        #[config(default = 1, renamed_from = "old", since = "1.1.0")]
        new: u8,
        #[config(nested)]
        servers: Vec<Server>,
    }
    let chain = Migrations::to("1.2.0").unversioned("1.0.0").renames_of::<Config>().build().unwrap();
    let ids: Vec<&str> = chain.steps().map(Step::id).collect();
    assert_eq!(ids, ["renames-1.1.0", "renames-1.2.0"]);
    let text = document("old = 3\n[[servers]]\nhost = 'a'\n[[servers]]\naddress = 'b'\n");
    let plan = chain.plan_for::<Config>(&text, None).unwrap();
    let patch = serde_json::to_value(plan.patch()).unwrap();
    assert_eq!(patch[0], serde_json::json!({"op": "move", "from": "/old", "path": "/new"}));
    assert_eq!(patch[2], serde_json::json!({"op": "move", "from": "/servers/0/host", "path": "/servers/0/address"}));
    // A step of the same version takes them first.
    let own = Step::new("own", "1.0.0", "1.2.0").maps("new", |_| Ok(Value::Int(7)), |_| Err(Refusal::new("no")));
    let chain = Migrations::to("1.2.0").step(own).renames_of::<Config>().build().unwrap();
    let document = chain.plan(&text, None).unwrap().document(&text);
    assert_eq!(Value::of_document(&document).at(&strata_config::FieldPath::new("new")), Some(&Value::Int(7)));
}

#[test]
fn a_rename_within_a_section_that_was_renamed_later_finds_the_section_by_its_old_name() {
    #[derive(LayeredConfig)]
    struct Net {
        #[config(default = 1, renamed_from = "listen", since = "1.1.0")]
        port: u16,
    }
    #[derive(LayeredConfig)]
    struct Config {
        #[config(nested, renamed_from = "network", since = "1.2.0")]
        net: Net,
    }
    let chain = Migrations::to("1.2.0").unversioned("1.0.0").renames_of::<Config>().build().unwrap();
    let to = |text: &str, version: &str| {
        let text = document(text);
        let after = chain.plan_for::<Config>(&text, Some(version)).unwrap().document(&text);
        serde_json::to_value(Value::of_document(&after)).unwrap()
    };
    let newest = serde_json::json!({"version": "1.2.0", "net": {"port": 80}});
    assert_eq!(to("version = '1.0.0'\n[network]\nlisten = 80\n", "1.2.0"), newest);
    let between = serde_json::json!({"version": "1.1.0", "network": {"port": 80}});
    assert_eq!(to("version = '1.0.0'\n[network]\nlisten = 80\n", "1.1.0"), between);
    let oldest = serde_json::json!({"version": "1.0.0", "network": {"listen": 80}});
    assert_eq!(to("version = '1.2.0'\n[net]\nport = 80\n", "1.0.0"), oldest);
}

#[test]
fn no_plan_shows_a_secret() {
    #[derive(LayeredConfig)]
    struct Config {
        #[config(secret)]
        url: Option<strata_config::Secret<String>>,
    }
    let chain = Migrations::to("2")
        .secret("token")
        .step(Step::new("a", "1", "2").removes("token").does(
            |edit| {
                edit.set("copy", "my hunter2-token")?;
                edit.join(["user", "password"], "url", |[user, password]| {
                    let text = |value: Option<Value>| value.map(|value| value.to_text()).unwrap_or_default();
                    Ok(Value::String(format!("db://{}:{}@host", text(user), text(password))))
                })?;
                edit.remove("copy")?;
                Ok(())
            },
            |_| Ok(()),
        ))
        .build()
        .unwrap();
    let text = document("user = 'ada'\npassword = 'marker-password'\ntoken = 'hunter2-token'\n");
    let plan = chain.plan_for::<Config>(&text, None).unwrap();
    let shown = serde_json::to_string(&plan.patch()).unwrap() + &format!("{plan:?}{chain:?}");
    assert!(!shown.contains("marker") && !shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("$secret"));
}
