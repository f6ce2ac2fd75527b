// Snapshots: named moments to go back to.

import { announce, confirm, dialog } from "./dialogs.js";
import { changes, failure, time } from "./diff.js";
import { add, h, put, redraw, unique } from "./dom.js";
import { rollback } from "./page-history.js";

export function snapshots({ site }) {
  const list = h("ul", { class: "rows" });
  const foot = h("div", { class: "list-foot" });
  const element = h(
    "div",
    {},
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Snapshots"),
      site.may("write") && h("button", { class: "button primary", type: "button", onclick: create }, "Take a snapshot"),
    ),
    h(
      "p",
      { class: "quiet intro" },
      "A snapshot remembers every value as it is now. Going back is a change like any other.",
    ),
    list,
    foot,
  );

  let shown = [];

  async function read(cursor) {
    try {
      const answer = await site.api.get("/snapshots", { limit: 50, cursor });
      shown = cursor ? [...shown, ...answer.snapshots] : answer.snapshots;
      redraw(list, shown, () =>
        shown.length === 0 ? h("li", { class: "empty" }, "There is no snapshot yet.") : shown.map(row),
      );
      put(
        foot,
        answer.next &&
          h("button", { class: "button", type: "button", onclick: () => read(answer.next) }, "Show older snapshots"),
      );
    } catch (error) {
      redraw(list, error.message, () => h("li", {}, failure(error)));
    }
  }

  function row(snapshot) {
    const title = snapshot.description || "without a description";
    const path = `/snapshots/${encodeURIComponent(snapshot.id)}`;
    return h(
      "li",
      { class: "row" },
      h(
        "div",
        { class: "row-main" },
        h("p", { class: "row-title" }, title),
        h(
          "p",
          { class: "quiet" },
          h("code", {}, snapshot.id),
          ` revision ${snapshot.revision}, by ${snapshot.actor}, `,
          time(snapshot.at),
          (snapshot.tags ?? []).map((tag) => [" ", h("span", { class: "tag" }, tag)]),
        ),
      ),
      h(
        "div",
        { class: "row-actions" },
        h(
          "button",
          {
            class: "button small",
            type: "button",
            "aria-label": `Compare with now: ${title}`,
            onclick: () => compare(path, title),
          },
          "Compare",
        ),
        site.may("rollback") &&
          h(
            "button",
            {
              class: "button small",
              type: "button",
              "aria-label": `Roll back: ${title}`,
              onclick: () => rollback(site, `${path}/rollback`, `Go back to “${title}”`),
            },
            "Roll back",
          ),
        site.may("rollback") &&
          h(
            "button",
            {
              class: "button small ghost",
              type: "button",
              "aria-label": `Delete: ${title}`,
              onclick: () => remove(path, title),
            },
            "Delete",
          ),
      ),
    );
  }

  async function compare(path, title) {
    try {
      const snapshot = await site.api.get(path);
      await dialog(
        `From now to “${title}”`,
        (body, foot, close) => {
          add(body, changes(snapshot.changes, "Everything is as it was then."));
          add(foot, h("button", { class: "button", type: "button", autofocus: true, onclick: () => close() }, "Close"));
        },
        { wide: true },
      );
    } catch (error) {
      announce(error.message, "bad");
    }
  }

  async function remove(path, title) {
    const sure = await confirm("Delete this snapshot?", {
      text: `“${title}” can then not be gone back to any more. No value changes.`,
      yes: "Delete",
      danger: true,
    });
    if (!sure) return;
    try {
      await site.api.change("DELETE", path);
      announce("The snapshot was deleted.");
      await read();
    } catch (error) {
      announce(error.message, "bad");
    }
  }

  async function create() {
    const made = await dialog("Take a snapshot", (body, foot, close) => {
      const [description, tags] = [unique("description"), unique("tags")];
      const text = h("input", {
        id: description,
        class: "input",
        autofocus: true,
        maxlength: 500,
        placeholder: "Before the sale",
      });
      const words = h("input", { id: tags, class: "input", placeholder: "release, 2.4" });
      const form = h(
        "form",
        {
          id: unique("snapshot"),
          onsubmit: (event) => {
            event.preventDefault();
            close({
              description: text.value.trim(),
              tags: words.value
                .split(",")
                .map((word) => word.trim())
                .filter(Boolean),
            });
          },
        },
        h("label", { class: "field-label", for: description }, "What it is for"),
        text,
        h("label", { class: "field-label", for: tags }, "Tags, divided by commas"),
        words,
      );
      add(body, form);
      add(
        foot,
        h("button", { class: "button", type: "button", onclick: () => close() }, "Cancel"),
        h("button", { class: "button primary", type: "submit", form: form.id }, "Take it"),
      );
    });
    if (!made) return;
    try {
      await site.api.change("POST", "/snapshots", { body: made });
      announce("The snapshot was taken.");
      await read();
    } catch (error) {
      announce(error.message, "bad");
    }
  }

  read();
  return { element, update: (what) => what === "all" && read() };
}
