// A tree of settings, as ARIA's pattern has it: one stop for the Tab key; arrows, Home, End, `*` and first letters move
// inside.

import { h, icon, put, unique } from "./dom.js";
import { inline, layer } from "./diff.js";

const TYPED = 700;

export class Tree {
  element;
  #rows = new Map();
  #open;
  #chosen = null;
  #focus = null;
  #on;
  #typed = "";
  #typedAt = 0;

  // `choose` is told the path of a setting; `badges` gives what stands behind a setting's name.
  constructor({ label, open, choose, badges }) {
    this.#open = open;
    this.#on = { choose, badges };
    this.element = h("div", {
      class: "tree",
      role: "tree",
      "aria-label": label,
      onkeydown: (event) => this.#key(event),
    });
  }

  // Shows the nodes; where `all` says so, every section is open, as for a search.
  show(root, { all = false } = {}) {
    const hadFocus = this.element.contains(document.activeElement);
    this.#rows.clear();
    put(
      this.element,
      root.children.map((node, index) => this.#node(node, 1, index + 1, root.children.length, all)),
    );
    const place = this.#rows.get(this.#focus) ?? this.#rows.get(this.#chosen) ?? this.#rows.values().next().value;
    if (place) place.row.tabIndex = 0;
    if (hadFocus && place) place.row.focus({ preventScroll: true });
  }

  // Marks a setting as the one that is shown beside the tree, and opens the sections above it.
  choose(path) {
    this.#rows.get(this.#chosen)?.row.setAttribute("aria-selected", "false");
    this.#chosen = path;
    const found = this.#rows.get(path);
    if (!found) return;
    found.row.setAttribute("aria-selected", "true");
    for (let above = this.#rows.get(found.above); above; above = this.#rows.get(above.above)) this.#toggle(above, true);
    this.#stop(found);
  }

  focus(path) {
    this.#rows.get(path)?.row.focus();
  }

  // Draws one setting anew.
  refresh(path, value) {
    const known = this.#rows.get(path);
    if (!known) return;
    known.node.value = value;
    put(known.label, this.#leaf(known.node));
  }

  #node(node, level, place, size, all) {
    const section = node.children !== undefined;
    const open = section && (all || this.#open.has(node.path));
    const label = h("span", { class: "tree-label" }, section ? this.#section(node) : this.#leaf(node));
    const row = h(
      "div",
      {
        class: `tree-item ${section ? "section" : "leaf"}`,
        role: "treeitem",
        tabindex: "-1",
        "aria-level": level,
        "aria-posinset": place,
        "aria-setsize": size,
        "data-path": node.path,
        css: { "--level": String(level - 1) },
        "aria-expanded": section ? String(open) : null,
        "aria-selected": section ? null : String(node.path === this.#chosen),
        onclick: () => this.#act(entry),
        onfocus: () => this.#stop(entry),
      },
      section ? h("span", { class: "twist" }, icon("chevron")) : null,
      label,
    );
    const group = section ? h("div", { role: "group", hidden: !open }) : null;
    const entry = { node, row, label, group, above: node.above ?? null, section, all };
    this.#rows.set(node.path, entry);
    if (section) {
      for (const child of node.children) child.above = node.path;
      put(
        group,
        node.children.map((child, index) => this.#node(child, level + 1, index + 1, node.children.length, all)),
      );
    }
    // The group belongs to its item, so that screen readers know what is inside what.
    if (section) {
      group.id = unique("group");
      row.setAttribute("aria-owns", group.id);
    }
    return section ? [row, group] : row;
  }

  #section(node) {
    return [
      h("span", { class: "tree-name" }, node.name),
      h("span", { class: "tree-count" }, String(leaves(node)), h("span", { class: "unseen" }, " values")),
    ];
  }

  #leaf(node) {
    const { value } = node;
    return [
      h("span", { class: "tree-name" }, node.name),
      h("span", { class: "tree-badges" }, this.#on.badges(value)),
      h("span", { class: "tree-value" }, inline(value.value, 60)),
      layer(value.origin),
    ];
  }

  #act(entry) {
    if (entry.section) this.#toggle(entry, entry.row.getAttribute("aria-expanded") !== "true");
    else this.#on.choose(entry.node.path);
  }

  #toggle(entry, open) {
    entry.row.setAttribute("aria-expanded", String(open));
    entry.group.hidden = !open;
    if (entry.all) return;
    if (open) this.#open.add(entry.node.path);
    else this.#open.delete(entry.node.path);
  }

  // The item that the Tab key stops at.
  #stop(entry) {
    const before = this.#rows.get(this.#focus);
    for (const one of [before, ...(before ? [] : this.#rows.values())]) if (one) one.row.tabIndex = -1;
    entry.row.tabIndex = 0;
    this.#focus = entry.node.path;
  }

  #visible() {
    return [...this.#rows.values()].filter((entry) => {
      for (let above = this.#rows.get(entry.above); above; above = this.#rows.get(above.above))
        if (above.group.hidden) return false;
      return true;
    });
  }

  #key(event) {
    const entry = this.#rows.get(event.target.dataset?.path);
    if (!entry || event.ctrlKey || event.metaKey || event.altKey) return;
    const visible = this.#visible();
    const at = visible.indexOf(entry);
    const open = entry.row.getAttribute("aria-expanded") === "true";
    const go = (to) => to?.row.focus();
    const moves = {
      ArrowDown: () => go(visible[at + 1]),
      ArrowUp: () => go(visible[at - 1]),
      Home: () => go(visible[0]),
      End: () => go(visible.at(-1)),
      ArrowRight: () => entry.section && (open ? go(visible[at + 1]) : this.#toggle(entry, true)),
      ArrowLeft: () => (entry.section && open ? this.#toggle(entry, false) : go(this.#rows.get(entry.above))),
      Enter: () => this.#act(entry),
      " ": () => this.#act(entry),
      "*": () =>
        visible.filter((one) => one.section && one.above === entry.above).forEach((one) => this.#toggle(one, true)),
    };
    if (moves[event.key]) moves[event.key]();
    else if (event.key.length === 1) this.#letter(event.key.toLowerCase(), visible, at);
    else return;
    event.preventDefault();
  }

  // Typing the first letters of a name goes to it.
  #letter(letter, visible, at) {
    const now = performance.now();
    this.#typed = now - this.#typedAt > TYPED ? letter : this.#typed + letter;
    this.#typedAt = now;
    const from = this.#typed.length === 1 ? at + 1 : at;
    const order = [...visible.slice(from), ...visible.slice(0, from)];
    order.find((one) => one.node.name.toLowerCase().startsWith(this.#typed))?.row.focus();
  }
}

function leaves(node) {
  return node.children ? node.children.reduce((sum, child) => sum + leaves(child), 0) : 1;
}
