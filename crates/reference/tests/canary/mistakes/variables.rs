//! Variables whose texts are wrong: of a secret, and of lists and maps that hold some.

use std::ffi::OsString;

use strata_config::schema::{Field, FieldKind, Schema};
use strata_config::{EnvSource, Loader, variables};

use super::Told;
use crate::case::{Case, Subject, word};
use crate::subjects::for_every_system;

/// Whether anything that a field holds is secret.
fn holds_secrets(field: &Field) -> bool {
    let any = |schema: &'static Schema| schema.fields.iter().any(holds_secrets);
    match field.kind {
        FieldKind::Leaf(_) => field.is_secret(),
        FieldKind::Nested(below) | FieldKind::Optional(below) | FieldKind::List(below) | FieldKind::Map(below) => {
            any(below)
        }
    }
}

fn a_wrong_variable_is_not_shown<S: Subject>() {
    let case = Case::of::<S>("variables");
    let marker = word("variables", "the text of a variable");
    let mut search = case.search();
    search.add("the text of a variable", &marker);
    let mut told = Told { shown: crate::collection::Collection::new(search), refused: 0 };
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("binary");
    std::fs::write(&binary, [marker.as_bytes(), &[0xff, 0xfe, 0], marker.as_bytes()].concat()).unwrap();
    let long = folder.path().join("long");
    std::fs::write(&long, marker.repeat(30_000)).unwrap();
    let short = folder.path().join("short");
    std::fs::write(&short, &marker[..19]).unwrap();

    let all = variables(S::SCHEMA);
    let secrets: Vec<_> = all.iter().filter(|variable| variable.field.is_some_and(holds_secrets)).collect();
    let load = |told: &mut Told, what: String, variables: Vec<(OsString, OsString)>| {
        let loader = S::secrets(Loader::<S>::new(), Some(&case.fernet()));
        told.load(what, &loader.env_source(EnvSource::given(variables)));
    };
    for variable in &secrets {
        let name = &variable.name;
        for text in [
            marker[..19].to_owned(),
            format!("fernet:{marker}"),
            format!("${{fernet:{marker}}}"),
            format!("${{fernet:{marker}"),
            format!("gopher://user:{marker}@host/"),
            format!("[\"{marker}\""),
            format!("[[\"{marker}\"]]"),
            format!("[{{\"pin\": \"{marker}\", \"wdth\": \"{marker}\"}}]"),
            format!("[{{\"pin\": [\"{marker}\"]}}, \"{marker}\"]"),
            format!("{{\"one\": {{\"pin\": \"{marker}\", \"width\": \"wide\"}}}}"),
            format!("{{\"one\": \"{marker}\", \"one\": \"{marker}\"}}"),
            format!("{{\"one\": \"{marker}\", two: {marker}}}"),
            format!("one={marker},{marker},=,"),
            format!("\"{marker}"),
            format!("{marker}\n{marker}"),
        ] {
            load(&mut told, format!("{name}={text}"), vec![(name.into(), text.into())]);
        }
        for (what, file) in
            [("binary", &binary), ("long", &long), ("short", &short), ("a folder", &folder.path().into())]
        {
            let named: (OsString, OsString) = (format!("{name}_FILE").into(), file.into());
            load(&mut told, format!("{name}_FILE, {what}"), vec![named.clone()]);
            let both = vec![named, (name.into(), OsString::from(&marker))];
            load(&mut told, format!("{name} and {name}_FILE, {what}"), both);
        }
        // Of a name that is almost a variable's.
        for wrong in [format!("{name}S"), format!("{}_{name}", S::SCHEMA.env_prefix)] {
            load(&mut told, format!("{wrong}, unknown"), vec![(wrong.clone().into(), OsString::from(&marker))]);
        }
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStringExt as _;

            let bytes = [marker.as_bytes(), &[0xff, 0xfe], marker.as_bytes()].concat();
            load(&mut told, format!("{name}, no Unicode"), vec![(name.into(), OsString::from_vec(bytes))]);
        }
    }
    told.end(10 * secrets.len());
}

for_every_system! {
    a_wrong_variable_is_not_shown;
}
