// The page of import and export, and of backup and restore.

import { announce, confirm } from "./dialogs.js";
import { changes, failure, findings } from "./diff.js";
import { h, put, unique } from "./dom.js";
import { backing, download, restoring } from "./backup.js";

const FORMATS = [
  ["toml", "TOML", "application/toml"],
  ["yaml", "YAML", "application/yaml"],
  ["json", "JSON", "application/json"],
  ["env", "Environment", "text/plain"],
];

export function transfer({ site }) {
  const name = site.status.name ?? "strata";
  return {
    element: h(
      "div",
      {},
      h("h1", {}, "Import and export"),
      h(
        "div",
        { class: "columns even spaced" },
        h("div", {}, exporting(site, name), site.may("admin") && [backing(site, name), restoring(site)]),
        h("div", {}, importing(site)),
      ),
    ),
  };
}

function exporting(site, name) {
  const news = h("div", { role: "status" });
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Export"),
    h("p", { class: "quiet" }, "Every value, without secrets and without what is computed."),
    h(
      "div",
      { class: "button-row" },
      FORMATS.map(([format, word]) =>
        h(
          "button",
          {
            class: "button",
            type: "button",
            onclick: async () => {
              try {
                const response = await site.api.raw("POST", "/export", { body: { format } });
                download(`${name}.${format}`, await response.blob());
                put(news);
              } catch (error) {
                put(news, failure(error));
              }
            },
          },
          word,
        ),
      ),
    ),
    news,
  );
}

function importing(site) {
  const [file, text, format] = [unique("file"), unique("text"), unique("format")];
  const news = h("div", { "aria-live": "polite" });
  const area = h("textarea", { id: text, class: "input code", rows: 8, spellcheck: "false" });
  const kind = h(
    "select",
    { id: format, class: "input" },
    FORMATS.slice(0, 3).map(([value, word]) => h("option", { value }, word)),
  );
  const chosen = h("input", {
    id: file,
    type: "file",
    class: "file",
    accept: ".toml,.yaml,.yml,.json",
    onchange: async () => {
      const [picked] = chosen.files;
      if (!picked) return;
      area.value = await picked.text();
      const ending = picked.name.split(".").pop().replace("yml", "yaml");
      if (FORMATS.some(([value]) => value === ending)) kind.value = ending;
    },
  });
  const send = async (event) => {
    event.preventDefault();
    const options = {
      body: area.value,
      headers: { "content-type": FORMATS.find(([value]) => value === kind.value)[2] },
    };
    try {
      const etag = site.etag;
      const tried = await site.api.change("POST", "/import", { ...options, dry: true });
      put(news);
      if ((tried.changes ?? []).length === 0) return put(news, h("p", { class: "notice" }, "Nothing would change."));
      const sure = await confirm("Import", {
        content: [changes(tried.changes), findings([], tried.warnings)],
        yes: "Import",
      });
      if (!sure) return;
      const applied = await site.api.change("POST", "/import", { ...options, etag });
      await site.refresh();
      announce(`Imported as revision ${applied.revision}.`);
      put(news, h("p", { class: "notice good" }, `Imported as revision ${applied.revision}.`));
    } catch (error) {
      put(news, failure(error));
    }
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Import"),
    h("p", { class: "quiet" }, "It is tried first: you see every difference before anything changes."),
    h(
      "form",
      { onsubmit: send },
      h("label", { class: "field-label", for: file }, "File"),
      chosen,
      h("label", { class: "field-label", for: text }, "or text"),
      area,
      h("label", { class: "field-label", for: format }, "Format"),
      kind,
      h(
        "div",
        { class: "card-foot" },
        h(
          "button",
          { class: "button primary", type: "submit", disabled: !site.may("write") },
          "Look at the differences",
        ),
      ),
    ),
    news,
  );
}
