// The timeline of changes, with the way back to any of them.

import { announce, confirm } from "./dialogs.js";
import { changes, failure, inline, time } from "./diff.js";
import { h, put, redraw, unique } from "./dom.js";

const PAGE = 25;

export function history({ site, argument }) {
  const field = (word, value = "") => {
    const id = unique("filter");
    const input = h("input", { id, class: "input", value, spellcheck: "false", placeholder: "any" });
    return { input, label: h("div", { class: "filter" }, h("label", { class: "field-label", for: id }, word), input) };
  };
  const filters = { path: field("Setting", argument), actor: field("Who"), tag: field("Tag") };
  const list = h("ol", { class: "timeline" });
  const foot = h("div", { class: "list-foot" });
  const news = h("div", { role: "status" });
  const form = h(
    "form",
    {
      class: "filters",
      onsubmit: (event) => {
        event.preventDefault();
        read();
      },
    },
    Object.values(filters).map((one) => one.label),
    h("button", { class: "button", type: "submit" }, "Filter"),
  );
  const element = h("div", {}, h("h1", {}, "History"), form, news, list, foot);
  let round = 0;
  let shown = [];

  function query() {
    return Object.fromEntries(Object.entries(filters).map(([name, one]) => [name, one.input.value.trim()]));
  }

  async function read(cursor) {
    const mine = (round += 1);
    try {
      const answer = await site.api.get("/history", { ...query(), limit: PAGE, cursor });
      if (mine !== round) return;
      put(news);
      const known = cursor ? shown.length : 0;
      shown = [...shown.slice(0, known), ...answer.entries];
      redraw(list, shown, () =>
        shown.length > 0
          ? shown.map((entry) => entryLine(entry, { full: true, back: () => back(entry) }))
          : h("li", { class: "empty" }, "No change fits. Changes that were made at run time are listed here."),
      );
      put(
        foot,
        answer.next &&
          h("button", { class: "button", type: "button", onclick: () => read(answer.next) }, "Show older changes"),
      );
      if (cursor) list.children[known]?.querySelector("button")?.focus();
    } catch (error) {
      put(news, failure(error));
    }
  }

  async function back(entry) {
    await rollback(site, `/history/${entry.revision}/rollback`, `Go back to revision ${entry.revision}`);
  }

  read();
  return {
    element,
    turn: (path) => {
      filters.path.input.value = path;
      read();
    },
    update: (what) => what === "all" && shown.length <= PAGE && read(),
  };
}

// Tries a way back, shows what it would change, and goes it once that is confirmed.
export async function rollback(site, path, title) {
  try {
    const etag = site.etag;
    const tried = await site.api.change("POST", path, { dry: true });
    if ((tried.changes ?? []).length === 0) {
      announce("Nothing would change: everything is as it was then.");
      return false;
    }
    const sure = await confirm(title, {
      content: [h("p", {}, "These values change:"), changes(tried.changes)],
      yes: "Roll back",
      danger: true,
    });
    if (!sure) return false;
    const applied = await site.api.change("POST", path, { etag });
    await site.refresh();
    announce(`Rolled back, as revision ${applied.revision}.`);
    return true;
  } catch (error) {
    announce(
      error.status === 412 ? "The configuration changed meanwhile. Look again, and decide anew." : error.message,
      "bad",
    );
    return false;
  }
}

// One change on the timeline.
export function entryLine(entry, { full = false, back } = {}) {
  const list = entry.changes ?? [];
  const head = h(
    "div",
    { class: "entry-head" },
    h("span", { class: "revision" }, `#${entry.revision}`),
    h("b", { class: "actor" }, entry.actor || "nobody"),
    time(entry.at),
    h("span", { class: "tag" }, entry.source),
    (entry.tags ?? []).map((tag) => h("span", { class: "tag" }, tag)),
  );
  if (!full) {
    const few = list
      .slice(0, 3)
      .map((change) =>
        h(
          "div",
          { class: "entry-short" },
          h("code", {}, change.path),
          " → ",
          change.new === null ? h("span", { class: "quiet" }, "nothing") : inline(change.new, 40),
        ),
      );
    return h(
      "li",
      { class: "entry" },
      head,
      entry.reason && h("p", { class: "reason" }, entry.reason),
      few,
      list.length > 3 && h("p", { class: "quiet" }, `and ${list.length - 3} more`),
    );
  }
  return h(
    "li",
    { class: "entry" },
    head,
    entry.reason && h("p", { class: "reason" }, entry.reason),
    changes(list, "No value that is known differs."),
    h(
      "div",
      { class: "entry-foot" },
      back &&
        h(
          "button",
          {
            class: "button small",
            type: "button",
            onclick: back,
            "aria-label": `Roll back to here: revision ${entry.revision}`,
          },
          "Roll back to here",
        ),
    ),
  );
}
