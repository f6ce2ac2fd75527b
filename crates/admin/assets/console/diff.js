// What differs, and what is wrong: lists that many pages show.

import { h } from "./dom.js";
import { isSecret, moment, ago, short, whole } from "./format.js";

// A list of changes, old and new side by side.
export function changes(list, empty = "Nothing changes.") {
  if (!list || list.length === 0) return h("p", { class: "quiet" }, empty);
  return h(
    "ul",
    { class: "changes" },
    list.map((change) =>
      h(
        "li",
        { class: "change" },
        h(
          "div",
          { class: "change-path" },
          h("code", {}, change.path),
          change.reload === "restart" && h("span", { class: "tag warn" }, "waits for a restart"),
        ),
        h(
          "div",
          { class: "change-sides" },
          side("old", change.old),
          h("span", { class: "arrow", "aria-hidden": "true" }, "→"),
          side("new", change.new),
        ),
      ),
    ),
  );
}

function side(kind, value) {
  const text = value === null ? "nothing" : whole(value);
  const word = kind === "old" ? "from " : "to ";
  return h(
    kind === "old" ? "del" : "ins",
    { class: `side ${kind}${value === null ? " nothing" : ""}` },
    h("span", { class: "unseen" }, word),
    isSecret(value) ? h("span", { "aria-label": "a secret" }, text) : text,
  );
}

// Findings, worst first.
export function findings(errors = [], warnings = []) {
  const line = (finding, kind) =>
    h(
      "li",
      { class: `finding ${kind}` },
      finding.path && h("code", {}, finding.path),
      finding.path && " ",
      finding.message,
      finding.help && h("span", { class: "help" }, ` ${finding.help}`),
    );
  if (errors.length + warnings.length === 0) return null;
  return h(
    "ul",
    { class: "findings" },
    errors.map((one) => line(one, "error")),
    warnings.map((one) => line(one, "warning")),
  );
}

// What went wrong, from any error.
export function failure(error) {
  return h(
    "div",
    { class: "notice error", role: "alert" },
    // A single finding says the same as the problem's detail, and its path and help besides.
    error.errors?.length === 1 ? null : h("strong", {}, error.message),
    error.errors?.length > 0 ? findings(error.errors, error.warnings) : null,
  );
}

// A kind of source, as a chip with its colour. The word says the same as the colour.
export function layer(origin) {
  if (!origin) return h("span", { class: "layer" }, "unset");
  return h("span", { class: "layer", "data-layer": origin.layer, title: origin.at || null }, origin.layer);
}

// A moment, relative, with the exact one as its title.
export function time(text) {
  return h("time", { datetime: text, title: moment(text), class: "when", "data-ago": true }, ago(text));
}

// A value on one line, secrets as dots.
export function inline(value, longest = 80) {
  if (isSecret(value))
    return h(
      "span",
      { class: "value is-secret" },
      h("span", { "aria-hidden": "true" }, "••••••••"),
      h("span", { class: "unseen" }, "secret"),
    );
  const kind = value === null ? "null" : typeof value;
  return h("span", { class: `value is-${kind}` }, short(value, longest));
}
