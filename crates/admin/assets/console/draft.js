// Edits that are gathered before they are saved as one change.

import { patchOf } from "./paths.js";
import { same } from "./format.js";

const PAUSE = 250;

// Tells of changes by the event `change`; its detail is the path, or null for all of them.
export class Draft extends EventTarget {
  edits = new Map();
  findings = [];
  warnings = [];
  // What was edited is meant for this configuration.
  etag = null;
  #site;
  #timer = null;
  #abort = null;

  constructor(site) {
    super();
    this.#site = site;
    site.addEventListener("change", (event) => event.detail === "all" && this.#moved());
  }

  get size() {
    return this.edits.size;
  }

  get(path) {
    return this.edits.get(path);
  }

  // Sets a value in the draft. Where it is the value that is there already, there is nothing to change.
  set(path, value) {
    const current = this.#site.values.get(path);
    if (current && !current.secret && same(current.value, value)) return this.drop(path);
    this.#put(path, { kind: "set", value });
  }

  unset(path) {
    this.#put(path, { kind: "unset" });
  }

  // An edit that cannot be read yet, such as half a JSON text: it blocks saving.
  broken(path, text, message) {
    this.#put(path, { kind: "broken", text, message });
  }

  drop(path) {
    if (this.edits.delete(path)) this.#changed(path);
  }

  clear() {
    this.edits.clear();
    this.#changed(null);
  }

  #put(path, edit) {
    if (this.edits.size === 0) this.etag = this.#site.etag;
    const known = this.edits.get(path);
    const before = known ? known.before : this.#site.values.get(path)?.value;
    this.edits.set(path, { ...edit, before });
    this.#changed(path);
  }

  #changed(path) {
    this.dispatchEvent(new CustomEvent("change", { detail: path }));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#validate(), PAUSE);
  }

  // The paths whose values were changed by somebody else since they were edited here.
  conflicts() {
    const moved = ([path, edit]) => !same(edit.before ?? null, this.#site.values.get(path)?.value ?? null);
    return [...this.edits].filter(moved).map(([path]) => path);
  }

  // Somebody changed the configuration. Where it does not touch what is edited here, the draft is meant for the new one.
  #moved() {
    if (this.edits.size > 0 && this.conflicts().length === 0) this.etag = this.#site.etag;
    for (const [path, edit] of this.edits) {
      const current = this.#site.values.get(path);
      if (edit.kind === "set" && current && !current.secret && same(current.value, edit.value)) this.edits.delete(path);
    }
    this.#changed(null);
  }

  // Keeps our value against what somebody else set meanwhile.
  keepMine(path) {
    const edit = this.edits.get(path);
    if (edit) edit.before = this.#site.values.get(path)?.value;
    this.settle();
    this.#changed(path);
  }

  settle() {
    if (this.conflicts().length === 0) this.etag = this.#site.etag;
  }

  isBroken() {
    return [...this.edits.values()].some((edit) => edit.kind === "broken");
  }

  // The body of the change, for `POST /values/batch`.
  body(reason) {
    const sets = [...this.edits].filter(([, edit]) => edit.kind === "set");
    const unset = [...this.edits].filter(([, edit]) => edit.kind === "unset").map(([path]) => path);
    const body = { updates: sets.map(([path, edit]) => ({ path, value: edit.value })), unset };
    return reason ? { ...body, description: reason } : body;
  }

  // The findings that belong to a path.
  of(path) {
    const belongs = (finding) =>
      finding.path === path || finding.path.startsWith(`${path}.`) || finding.path.startsWith(`${path}[`);
    return { errors: this.findings.filter(belongs), warnings: this.warnings.filter(belongs) };
  }

  async #validate() {
    this.#abort?.abort();
    const sets = [...this.edits].filter(([, edit]) => edit.kind === "set").map(([path, edit]) => [path, edit.value]);
    if (sets.length === 0) return this.#found([], []);
    this.#abort = new AbortController();
    try {
      const options = { body: patchOf(sets), signal: this.#abort.signal };
      const { data } = await this.#site.api.call("POST", "/validate", options);
      this.#found(data.errors ?? [], data.warnings ?? []);
    } catch (error) {
      if (error.name !== "AbortError") this.#found(error.errors ?? [], error.warnings ?? []);
    }
  }

  #found(findings, warnings) {
    this.findings = findings;
    this.warnings = warnings;
    this.dispatchEvent(new CustomEvent("validated"));
  }
}
