// The page of values: a searchable tree, and beside it the chosen setting.

import { add, h, icon, put, unique } from "./dom.js";
import { count, whole } from "./format.js";
import { isBelow, treeOf } from "./paths.js";
import { Setting } from "./setting.js";
import { Tree } from "./tree.js";

// Which sections are open: kept while the console is open.
const open = new Set();
let met = false;

export function values({ site, draft, argument }) {
  const search = h("input", {
    id: unique("search"),
    class: "input search",
    type: "search",
    placeholder: "Search names, values, documentation",
    "aria-label": "Search values",
    oninput: () => draw(),
    onkeydown: (event) => {
      if (event.key !== "ArrowDown") return;
      event.preventDefault();
      element.querySelector('[role="treeitem"][tabindex="0"]')?.focus();
    },
  });
  const layers = h("select", { class: "input", "aria-label": "Source", onchange: () => draw() });
  const state = h(
    "select",
    { class: "input", "aria-label": "State", onchange: () => draw() },
    [
      ["", "Any state"],
      ["set", "Set at run time"],
      ["pending", "Waits for a restart"],
      ["edited", "Edited here"],
      ["secret", "Secret"],
    ].map(([value, word]) => h("option", { value }, word)),
  );
  const found = h("p", { class: "quiet found", role: "status" });
  const tree = new Tree({
    label: "Settings",
    open,
    choose: (path) => (location.hash = `#/values/${encodeURIComponent(path)}`),
    badges: (value) => badges(value, draft),
  });
  const beside = h("section", { class: "beside", "aria-label": "The chosen setting" });
  const element = h(
    "div",
    { class: "values-page" },
    h(
      "div",
      { class: "values-list" },
      h("h1", {}, "Values"),
      h("div", { class: "filters" }, search, layers, state),
      found,
      tree.element,
    ),
    beside,
  );
  let chosen = argument;
  let setting = null;
  let shape = "";

  if (!met) {
    // At first, a small configuration is open as a whole; of a large one, the sections are.
    met = true;
    if (site.values.size <= 40) for (const value of site.values.values()) openAbove(value.path);
  }

  function kept() {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return [...site.values.values()].filter((value) => {
      const text = `${value.path} ${value.doc} ${whole(value.value, 0)} ${value.origin?.at ?? ""}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) return false;
      if (layers.value && value.origin?.layer !== layers.value) return false;
      if (state.value === "set") return value.set_at_run_time || value.origin?.layer === "runtime";
      if (state.value === "pending") return value.pending;
      if (state.value === "edited") return draft.edits.has(value.path);
      if (state.value === "secret") return value.secret;
      return true;
    });
  }

  function draw() {
    const names = [...new Set([...site.values.values()].map((value) => value.origin?.layer).filter(Boolean))].sort();
    if (layers.options.length !== names.length + 1) {
      const before = layers.value;
      put(
        layers,
        h("option", { value: "" }, "Any source"),
        names.map((name) => h("option", { value: name }, name)),
      );
      layers.value = names.includes(before) ? before : "";
    }
    const shown = kept();
    const filtered = shown.length < site.values.size;
    found.textContent =
      shown.length === 0
        ? "Nothing fits."
        : filtered
          ? `${count(shown.length, "value")} of ${site.values.size}`
          : count(shown.length, "value");
    shape = shown.map((value) => value.path).join("\n");
    tree.show(treeOf(shown), { all: filtered });
    if (chosen) tree.choose(chosen);
  }

  function choose(path, focus) {
    setting?.close();
    setting = null;
    chosen = path;
    element.classList.toggle("chosen", Boolean(path));
    const value = site.values.get(path);
    if (!value) {
      put(
        beside,
        path
          ? h("p", { class: "empty" }, "There is no setting ", h("code", {}, path), ".")
          : h(
              "div",
              { class: "empty" },
              icon("values"),
              h("p", {}, "Choose a setting to see where its value comes from, and to change it."),
              h(
                "p",
                { class: "quiet" },
                h("kbd", {}, "↑"),
                " ",
                h("kbd", {}, "↓"),
                " move, ",
                h("kbd", {}, "→"),
                " opens, ",
                h("kbd", {}, "Enter"),
                " chooses, letters search names.",
              ),
            ),
      );
      return;
    }
    openAbove(path);
    setting = new Setting(site, draft, value);
    const back = h("a", { class: "back", href: "#/values" }, icon("back"), "All values");
    put(beside, back, setting.element);
    tree.choose(path);
    if (focus) setting.focus();
  }

  const edited = ({ detail }) => {
    if (state.value === "edited") return draw();
    for (const [path, value] of site.values) if (detail === null || isBelow(path, detail)) tree.refresh(path, value);
  };
  draft.addEventListener("change", edited);
  draw();
  choose(argument, false);

  return {
    element,
    turn: (path) => choose(path, true),
    update: (what) => {
      if (what !== "all") return;
      // Where the same settings are shown as before, only what they say is drawn anew: nothing jumps.
      if (
        kept()
          .map((value) => value.path)
          .join("\n") === shape
      )
        for (const [path, value] of site.values) tree.refresh(path, value);
      else draw();
      if (setting && site.values.has(chosen)) setting.update(site.values.get(chosen));
      else choose(chosen, false);
    },
    close: () => {
      setting?.close();
      draft.removeEventListener("change", edited);
    },
  };
}

function openAbove(path) {
  const names = path.split(".");
  for (let length = 1; length < names.length; length += 1) open.add(names.slice(0, length).join("."));
}

function badges(value, draft) {
  const list = h("span", { class: "badges" });
  const edit = draft.edits.get(value.path);
  return add(
    list,
    value.secret && icon("lock"),
    value.pending && h("span", { class: "tag warn" }, "restart"),
    edit && h("span", { class: "tag edited" }, edit.kind === "unset" ? "unset" : "edited"),
  );
}
