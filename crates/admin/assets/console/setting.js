// One setting: what it is, where its value comes from, and the way to change it.

import { control } from "./controls.js";
import { findings, inline, layer, time } from "./diff.js";
import { h, icon, put, unique } from "./dom.js";
import { short, whole } from "./format.js";

export class Setting {
  element;
  #site;
  #draft;
  #value;
  #parts = {};
  #listen;

  constructor(site, draft, value) {
    this.#site = site;
    this.#draft = draft;
    this.#value = value;
    const id = unique("value");
    const told = unique("told");
    this.#parts = {
      id,
      told: h("div", { id: told, class: "told", "aria-live": "polite" }),
      field: h("div", { class: "edit-field" }),
      actions: h("div", { class: "edit-actions" }),
      stack: h("div", {}),
      facts: h("dl", { class: "facts-list" }),
      last: h("div", {}),
      title: h("h2", { tabindex: "-1" }, h("code", {}, value.path)),
      toldId: told,
    };
    const parts = this.#parts;
    this.element = h(
      "article",
      { class: "setting", "data-path": value.path },
      parts.title,
      value.doc && h("p", { class: "doc" }, value.doc),
      h(
        "div",
        { class: "edit" },
        h("label", { class: "field-label", for: id }, value.secret ? "New value (write only)" : "Value"),
        parts.field,
        parts.told,
        parts.actions,
      ),
      h("h3", {}, "Where it comes from"),
      parts.stack,
      parts.facts,
      parts.last,
    );
    this.#listen = ({ detail }) => (detail === null || detail === value.path) && this.#told();
    draft.addEventListener("change", this.#listen);
    draft.addEventListener("validated", this.#listen);
    this.#control();
    this.#told();
    this.#facts();
    this.#history();
  }

  close() {
    this.#draft.removeEventListener("change", this.#listen);
    this.#draft.removeEventListener("validated", this.#listen);
  }

  focus() {
    this.#parts.title.focus({ preventScroll: false });
  }

  // The value changed on the server. What is being typed stays.
  update(value) {
    const before = this.#value;
    this.#value = value;
    const edit = this.#draft.get(value.path);
    if (!edit && JSON.stringify(before.value) !== JSON.stringify(value.value)) this.#control();
    this.#told();
    this.#facts();
    if (JSON.stringify(before.value) !== JSON.stringify(value.value)) this.#history();
  }

  // What was shown when the control was made; so that dropping an edit makes it anew.
  #control() {
    const { field, id, toldId } = this.#parts;
    const edit = this.#draft.get(this.#value.path);
    const start = edit?.kind === "set" ? edit.value : this.#value.value;
    if (!this.#site.may("write"))
      return put(
        field,
        h("p", { id }, inline(this.#value.value, 2000)),
        h("p", { class: "quiet" }, "This token may read only."),
      );
    const path = this.#value.path;
    put(
      field,
      control(this.#value, {
        id,
        described: toldId,
        start: this.#value.secret ? "" : start,
        told: (news) => {
          if (news.drop) this.#draft.drop(path);
          else if ("value" in news) this.#draft.set(path, news.value);
          else this.#draft.broken(path, news.text, news.message);
        },
      }),
    );
  }

  #told() {
    const { told, actions, field } = this.#parts;
    const path = this.#value.path;
    const edit = this.#draft.get(path);
    const { errors, warnings } = this.#draft.of(path);
    const input = field.querySelector("input, select, textarea");
    const wrong = edit && (edit.kind === "broken" || errors.length > 0);
    if (wrong) input?.setAttribute("aria-invalid", "true");
    else input?.removeAttribute("aria-invalid");
    const moved = edit && this.#draft.conflicts().includes(path);
    const fresh = [
      edit?.kind === "broken" && h("p", { class: "field-error" }, edit.message),
      edit &&
        findings(
          errors.map((one) => (one.path === path ? { ...one, path: "" } : one)),
          warnings.map((one) => (one.path === path ? { ...one, path: "" } : one)),
        ),
      edit?.kind === "unset" && h("p", { class: "notice" }, "Will be unset: what weaker sources say shows again."),
      moved &&
        h(
          "p",
          { class: "notice warn" },
          "Somebody changed this value meanwhile: now it is ",
          inline(this.#value.value),
          ".",
        ),
    ].filter(Boolean);
    const text = fresh.map((one) => one.textContent).join("\n");
    // The region is read aloud at every change: it only changes where there is something new to say.
    if (text !== told.dataset.said) {
      told.dataset.said = text;
      put(told, fresh);
    }
    const key = `${edit?.kind ?? ""} ${this.#canUnset()}`;
    if (actions.dataset.key === key) return;
    actions.dataset.key = key;
    const had = actions.contains(document.activeElement);
    put(
      actions,
      edit &&
        h(
          "button",
          {
            class: "button small",
            type: "button",
            onclick: () => {
              this.#draft.drop(path);
              this.#control();
              (this.#parts.field.querySelector("input, select, textarea") ?? this.#parts.title).focus();
            },
          },
          "Undo this edit",
        ),
      !edit &&
        this.#canUnset() &&
        h(
          "button",
          {
            class: "button small ghost",
            type: "button",
            title: "Back to what weaker sources say",
            onclick: () => this.#draft.unset(path),
          },
          "Unset",
        ),
    );
    if (had) (actions.querySelector("button") ?? this.#parts.title).focus();
  }

  #canUnset() {
    const own = this.#value.set_at_run_time ?? ["runtime", "store"].includes(this.#value.origin?.layer);
    return own && this.#site.may("write");
  }

  #facts() {
    const value = this.#value;
    const { stack, facts } = this.#parts;
    const rows = [
      { ...(value.origin ?? { layer: "unset", at: "nobody sets it" }), value: value.value, wins: true },
      ...(value.shadows ?? []),
    ];
    put(
      stack,
      h(
        "ol",
        { class: "strata", "aria-label": "Sources, strongest first" },
        rows.map((row, index) =>
          h(
            "li",
            { class: `stratum${row.wins ? " wins" : ""}`, "data-layer": row.layer, css: { "--depth": String(index) } },
            h(
              "span",
              { class: "stratum-head" },
              layer(row),
              h("span", { class: "stratum-at" }, row.at === row.layer ? "" : row.at),
              row.leads_to && h("span", { class: "quiet wrap" }, `leads to ${row.leads_to}`),
              row.wins ? h("span", { class: "tag good" }, "in effect") : h("span", { class: "unseen" }, "hidden"),
            ),
            h("span", { class: "stratum-value" }, inline(row.value, 400)),
          ),
        ),
      ),
      value.merged?.length > 0 &&
        h(
          "p",
          { class: "quiet" },
          "Put together from ",
          value.merged.map((one, index) => [index > 0 && ", ", `${one.layer} (${one.at})`]),
          ".",
        ),
      value.pending &&
        h(
          "p",
          { class: "notice warn" },
          icon("warn"),
          "The program still runs with ",
          inline(value.running ?? null),
          ". The value above waits for its next start.",
        ),
    );
    const rowOf = (word, content) => content && h("div", {}, h("dt", {}, word), h("dd", {}, content));
    put(
      facts,
      rowOf("Type", value.type),
      rowOf("Limits", value.limits?.length > 0 && value.limits.join("; ")),
      rowOf("Choices", value.choices?.length > 0 && value.choices.map((choice) => [h("code", {}, short(choice)), " "])),
      rowOf(
        "Default",
        value.default === null || value.secret ? "none" : h("code", { class: "wrap" }, whole(value.default, 0)),
      ),
      rowOf("Takes effect", value.reload === "restart" ? "at the next start" : "at once"),
      value.secret && rowOf("Secret", "can be written, never read"),
    );
  }

  // Who changed it last: only the answer about a single value tells.
  async #history() {
    const path = this.#value.path;
    try {
      const value = await this.#site.api.get(`/values/${encodeURIComponent(path)}`);
      const last = value.last_change;
      if (path !== this.#value.path) return;
      put(
        this.#parts.last,
        last && [
          h("h3", {}, "Last change"),
          h(
            "p",
            { class: "last-change" },
            h("b", {}, last.actor),
            " ",
            time(last.at),
            ", revision ",
            String(last.revision),
            " by ",
            last.source,
            last.reason && h("q", {}, last.reason),
          ),
          h("p", {}, h("a", { href: `#/history/${encodeURIComponent(path)}` }, "All changes of this value")),
        ],
      );
    } catch {
      // It is an addition: without it the page is as useful.
    }
  }
}
