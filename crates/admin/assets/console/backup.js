// The store as a whole: backup, verification, restoring with progress.

import { MOUNT } from "./api.js";
import { confirm } from "./dialogs.js";
import { changes, failure } from "./diff.js";
import { h, put, unique } from "./dom.js";

// Gives the reader a file.
export function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// Takes the whole store away as a file, and looks whether its history is whole.
export function backing(site, name) {
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
                    : `The history is broken: ${(answer.damages ?? []).map((one) => one.message).join("; ")}`,
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

// Puts a backup back.
export function restoring(site) {
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
