//! The TypeScript types.

use std::fs;
use std::path::Path;
use std::process::Command;

use strata_config_codegen::typescript;
use strata_config_core::LayeredConfig;

use super::everything::Everything;

fn types() -> String {
    typescript(Everything::SCHEMA)
}

#[track_caller]
fn assert_says(part: &str) {
    assert!(types().contains(part), "{part}\nis not in\n{}", types());
}

#[test]
fn a_struct_is_an_interface_with_its_documentation() {
    assert_says("/** Everything that a setting can be. */\nexport interface Everything {\n");
    assert_says("  /**\n   * TCP port.\n   * Limits: at least 1024.\n   * @default 8080\n   */\n  port: number;\n");
    assert_says("  /**\n   * @default 1\n   * @deprecated nothing reads it\n   */\n  unused: number;\n");
}

#[test]
fn an_enum_is_a_union_with_documented_choices() {
    assert_says(
        "export type Level =\n  /** Everything. */\n  | \"debug\"\n  | \"info\"\n  /** What may become a problem. */\n  | \"warn\";\n",
    );
    assert_says("  level?: Level | null;\n");
    assert_says("  levels: Level[];\n");
}

#[test]
fn an_enum_of_structs_is_a_union_by_its_tag() {
    assert_says("export type Store =\n  | {\n      /** Nothing is kept. */\n      kind: \"memory\";\n");
    assert_says("  | {\n      /** In a file. */\n      kind: \"file\";\n      path: string;\n");
}

#[test]
fn sections_are_types_of_their_own_declared_once() {
    assert_says("  tls?: Tls | null;\n  servers: Server[];\n  zones: Record<string, Server>;\n");
    assert_eq!(types().matches("export interface Server {").count(), 1);
}

#[test]
fn secrets_computed_values_and_units_have_types_that_say_so() {
    assert_says("  key: Secret<string>;\n");
    assert_says("  readonly loaded_from?: string | null;\n");
    assert_says("  timeout: Duration;\n");
    assert!(!types().contains("hunter2"));
}

#[test]
fn braces_and_comments_are_balanced() {
    let text = types();
    for (open, close) in [("{", "}"), ("/**", "*/")] {
        assert_eq!(text.matches(open).count(), text.matches(close).count(), "{open}");
    }
}

#[test]
#[ignore = "needs npm"]
fn the_compiler_of_typescript_accepts_them_and_refuses_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("everything.ts"), types()).unwrap();
    let uses = "import type { PartialEverything, Store } from './everything';\n\
        export const part: PartialEverything = { port: 1, db: { pool_size: 2 }, log: 'debug', key: 'x', tls: null };\n\
        export const store: Store = { kind: 'file', path: 'p', sync: true };\n\
        // @ts-expect-error no such choice\n\
        export const choice: PartialEverything = { log: 'loud' };\n\
        // @ts-expect-error a key of another variant\n\
        export const variant: Store = { kind: 'memory', entries: 1, path: 'p' };\n\
        // @ts-expect-error no such key\n\
        export const key: PartialEverything = { prot: 1 };\n";
    fs::write(folder.path().join("uses.ts"), uses).unwrap();
    run(folder.path(), &["install", "--silent", "--no-audit", "--no-fund", "typescript@5"]);
    run(
        folder.path(),
        &["exec", "--", "tsc", "--strict", "--noEmit", "--exactOptionalPropertyTypes", "everything.ts", "uses.ts"],
    );
}

#[track_caller]
fn run(folder: &Path, args: &[&str]) {
    let output = Command::new("npm").args(args).current_dir(folder).output().unwrap();
    assert!(
        output.status.success(),
        "npm {args:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
