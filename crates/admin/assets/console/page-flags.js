// The page of flags: all of them, or one in full.

import { announce, confirm } from "./dialogs.js";
import { bar } from "./controls.js";
import { failure } from "./diff.js";
import { h, icon, put, redraw } from "./dom.js";
import { count, percent } from "./format.js";
import { FlagDetail } from "./flag.js";
import { guardState, isStale, stateOf, status } from "./flag-state.js";

const LOOK = 10000;

export function flags({ site, argument }) {
  const search = h("input", {
    class: "input search",
    type: "search",
    placeholder: "Search flags",
    "aria-label": "Search flags",
    oninput: () => drawList(),
  });
  const state = h(
    "select",
    { class: "input", "aria-label": "State", onchange: () => drawList() },
    [
      ["", "Any state"],
      ["enabled", "In use"],
      ["off", "Not in use"],
      ["partial", "Rolling out"],
      ["stale", "Stale"],
      ["guard", "Guard tripped"],
    ].map(([value, word]) => h("option", { value }, word)),
  );
  const news = h("div", {});
  const kill = h("div", { class: "kill" });
  const found = h("p", { class: "quiet found", role: "status" });
  const rows = h("ul", { class: "rows flag-rows" });
  const listed = h(
    "div",
    {},
    h("div", { class: "page-head" }, h("h1", {}, "Flags"), kill),
    news,
    h("div", { class: "filters" }, search, state),
    found,
    rows,
  );
  const one = h("div", {});
  const element = h("div", {}, listed, one);
  let known = { flags: [] };
  let chosen = argument;
  let detail = null;

  async function read() {
    try {
      known = await site.api.get("/feature-flags");
      known.flags = Array.isArray(known.flags) ? known.flags : [];
      put(news);
    } catch (error) {
      put(news, error.status === 404 ? h("p", { class: "empty" }, "This system has no flags.") : failure(error));
    }
    draw();
  }

  function draw() {
    drawKill();
    listed.hidden = Boolean(chosen);
    one.hidden = !chosen;
    if (!chosen) {
      detail = null;
      return drawList();
    }
    const flag = known.flags.find((candidate) => candidate.key === chosen);
    if (!flag) return put(one, back(), h("p", { class: "empty" }, "There is no flag ", h("code", {}, chosen), "."));
    if (detail?.key === chosen) return detail.update(flag);
    detail = new FlagDetail(site, flag, read);
    put(one, back(), detail.element);
  }

  function drawList() {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (flag) => {
      const text = `${flag.key} ${flag.description ?? ""} ${flag.owner ?? ""} ${flag.serves ?? ""}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) return false;
      if (state.value === "enabled") return stateOf(flag) === "enabled";
      if (state.value === "off") return stateOf(flag) !== "enabled";
      if (state.value === "partial") return flag.percentage > 0 && flag.percentage < 100;
      if (state.value === "stale") return isStale(flag);
      if (state.value === "guard") return flag.guard && !["closed", "ok"].includes(guardState(flag));
      return true;
    };
    const shown = known.flags.filter(fits);
    found.textContent =
      shown.length === known.flags.length
        ? count(shown.length, "flag")
        : `${count(shown.length, "flag")} of ${known.flags.length}`;
    redraw(rows, shown, () => (shown.length > 0 ? shown.map(row) : h("li", { class: "empty" }, "No flag fits.")));
  }

  function row(flag) {
    const total = flag.exposures?.total ?? 0;
    return h(
      "li",
      { class: "row flag-row" },
      h(
        "div",
        { class: "row-main" },
        h(
          "p",
          { class: "row-title" },
          h("a", { href: `#/flags/${encodeURIComponent(flag.key)}` }, flag.key),
          " ",
          status(stateOf(flag)),
          isStale(flag) && h("span", { class: "tag warn" }, "stale"),
          flag.guard && guardState(flag) !== "closed" && h("span", { class: "tag error" }, `guard ${guardState(flag)}`),
        ),
        flag.description && h("p", { class: "quiet" }, flag.description),
      ),
      h("div", { class: "flag-serves" }, h("span", { class: "quiet" }, "serves "), h("span", {}, flag.serves ?? "")),
      h(
        "div",
        { class: "flag-share" },
        flag.percentage === null || flag.percentage === undefined
          ? h("span", { class: "quiet" }, flag.type ?? "")
          : [bar(flag.percentage / 100), h("span", { class: "share-figure" }, percent(flag.percentage))],
      ),
      h("div", { class: "flag-count quiet" }, count(total, "exposure")),
    );
  }

  function drawKill() {
    const on = known.kill_switch ?? site.status.flags?.kill_switch ?? null;
    const path = known.kill_switch_path ?? site.status.flags?.kill_switch_path ?? null;
    const usable = on !== null && path !== null && site.may("write");
    redraw(
      kill,
      [usable, on, path],
      () =>
        usable && [
          on && h("span", { class: "tag error" }, "kill switch is on"),
          h(
            "button",
            {
              class: on ? "button" : "button danger-quiet",
              type: "button",
              id: "kill-switch",
              onclick: () => killSwitch(path, on),
            },
            icon("warn"),
            on ? "Turn the kill switch off…" : "Kill switch…",
          ),
        ],
    );
  }

  async function killSwitch(path, on) {
    const sure = await confirm(
      on ? "Turn the kill switch off?" : "Turn every flag off?",
      on
        ? { text: "Every flag serves again what its definition says.", yes: "Turn it off" }
        : {
            text: `${count(known.flags.length, "flag")}: all serve their off variant at once, until the switch is off again.`,
            yes: "Turn every flag off",
            danger: true,
            word: "off",
          },
    );
    if (!sure) return;
    try {
      await site.api.change("PUT", `/values/${encodeURIComponent(path)}`, {
        body: { value: !on },
        reason: on ? "kill switch off" : "kill switch on",
      });
      announce(on ? "The kill switch is off." : "The kill switch is on: every flag is off.", on ? "done" : "bad");
      await Promise.all([read(), site.refresh()]);
    } catch (error) {
      announce(error.message, "bad");
    }
  }

  read();
  // Answers are counted without events.
  const look = setInterval(() => document.visibilityState === "visible" && site.connection === "open" && read(), LOOK);
  return {
    element,
    turn: (key) => {
      chosen = key;
      draw();
    },
    update: (what) => ["all", "flags"].includes(what) && read(),
    close: () => clearInterval(look),
  };
}

function back() {
  return h("a", { class: "back shown", href: "#/flags" }, icon("back"), "All flags");
}
