// Import and export; backup and restore.

import { announce, confirm } from "./dialogs.js";
import { changes, failure, findings } from "./diff.js";
import { h, put, unique } from "./dom.js";
import { MOUNT } from "./api.js";

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
      h("div", { class: "columns even" }, exporting(site, name), importing(site)),
      site.may("admin") && h("div", { class: "columns even" }, backing(site, name), restoring(site)),
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

function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
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

function backing(site, name) {
  const news = h("div", { role: "status" });
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Backup"),
    h(
      "p",
      { class: "quiet" },
      "The whole store: values set at run time, history, snapshots. Keep it where secrets are kept.",
    ),
    h(
      "div",
      { class: "button-row" },
      h(
        "button",
        {
          class: "button",
          type: "button",
          onclick: async () => {
            try {
              const response = await site.api.raw("GET", "/backup");
              download(`${name}-backup.json`, await response.blob());
              put(news);
            } catch (error) {
              put(news, failure(error));
            }
          },
        },
        "Download the backup",
      ),
      h(
        "button",
        {
          class: "button",
          type: "button",
          onclick: async () => {
            try {
              const answer = await site.api.get("/verify");
              put(
                news,
                h(
                  "p",
                  { class: `notice ${answer.intact ? "good" : "error"}` },
                  answer.intact
                    ? "The history is intact: every entry's hash fits the one before."
                    : `The history is broken: ${answer.problem ?? JSON.stringify(answer)}`,
                ),
              );
            } catch (error) {
              put(news, failure(error));
            }
          },
        },
        "Verify the history",
      ),
    ),
    news,
  );
}

function restoring(site) {
  const id = unique("restore");
  const news = h("div", { "aria-live": "polite" });
  const file = h("input", { id, type: "file", class: "file", accept: ".json", required: true });
  const progress = h("progress", { max: 1, value: "0", hidden: true, "aria-label": "Restore" });
  const go = async (event) => {
    event.preventDefault();
    const [picked] = file.files;
    if (!picked) return file.focus();
    const sure = await confirm("Restore this backup?", {
      text: `Every value that was set at run time becomes what “${picked.name}” says.`,
      yes: "Restore",
      danger: true,
      word: "restore",
    });
    if (!sure) return;
    progress.hidden = false;
    progress.removeAttribute("value");
    try {
      const applied = await upload(site, picked, (share) =>
        share < 1 ? (progress.value = share) : progress.removeAttribute("value"),
      );
      put(
        news,
        h("p", { class: "notice good" }, `Restored as revision ${applied.revision}.`),
        changes(applied.changes),
      );
      await site.refresh();
    } catch (error) {
      put(news, failure(error));
    } finally {
      progress.hidden = true;
    }
  };
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Restore"),
    h("p", { class: "quiet" }, "A backup document of this system."),
    h(
      "form",
      { onsubmit: go },
      h("label", { class: "field-label", for: id }, "Backup"),
      file,
      progress,
      h("div", { class: "card-foot" }, h("button", { class: "button danger", type: "submit" }, "Restore…")),
    ),
    news,
  );
}

// `fetch` does not tell how much of a body was sent: this is the one place for the older way.
function upload(site, file, told) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${MOUNT}/restore`);
    for (const [name, value] of Object.entries(site.api.headers({ "content-type": "application/json" })))
      request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
    request.addEventListener("error", () => reject(new Error("The server does not answer.")));
    request.addEventListener("load", () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // The status has to do.
      }
      if (request.status < 300) resolve(answer);
      else
        reject(
          Object.assign(new Error(answer.detail ?? `The server answered ${request.status}`), {
            errors: answer.errors ?? [],
          }),
        );
    });
    request.send(file);
  });
}
