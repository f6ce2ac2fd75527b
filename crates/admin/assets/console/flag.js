// One flag in full.

import { announce, confirm } from "./dialogs.js";
import { bar } from "./controls.js";
import { findings, inline, layer, time } from "./diff.js";
import { h, icon, put, redraw } from "./dom.js";
import { count, percent } from "./format.js";
import { Evaluate } from "./flag-evaluate.js";
import { Rollout, ramp } from "./flag-rollout.js";
import { editDefinition } from "./flag-definition.js";
import { guardState, isStale, stateOf, status } from "./flag-state.js";

export class FlagDetail {
  key;
  element;
  #site;
  #flag;
  #read;
  #parts;

  constructor(site, flag, read) {
    this.key = flag.key;
    this.#site = site;
    this.#flag = flag;
    this.#read = read;
    const rollout = new Rollout(site, flag, read);
    this.#parts = {
      rollout,
      head: h("div", {}),
      about: h("section", { class: "card" }),
      variants: h("section", { class: "card" }),
      plan: h("div", {}),
      exposures: h("section", { class: "card" }),
      definition: h("section", { class: "card" }),
    };
    const parts = this.#parts;
    this.element = h(
      "article",
      { class: "flag" },
      parts.head,
      h(
        "div",
        { class: "columns" },
        h("div", {}, rollout.element, parts.plan, parts.variants, parts.exposures),
        h("div", {}, parts.about, new Evaluate(site, flag).element, parts.definition),
      ),
    );
    this.#draw();
  }

  update(flag) {
    this.#flag = flag;
    this.#parts.rollout.update(flag);
    this.#draw();
  }

  #draw() {
    const flag = this.#flag;
    const { head, about, variants, plan, exposures, definition } = this.#parts;
    const may = flag.writable !== false && (this.#site.may("flags") || this.#site.may("write"));
    const enabled = stateOf(flag) === "enabled";
    // What has the focus is drawn anew only where it says something else.
    const key = `${stateOf(flag)} ${flag.stale} ${flag.description} ${guardState(flag)} ${may}`;
    if (head.dataset.key !== key) {
      head.dataset.key = key;
      const focused = head.contains(document.activeElement);
      put(
        head,
        h(
          "div",
          { class: "page-head" },
          h("h1", {}, h("code", {}, flag.key)),
          status(stateOf(flag)),
          isStale(flag) &&
            h("span", { class: "tag warn", title: Array.isArray(flag.stale) ? flag.stale.join(", ") : null }, "stale"),
          h("span", { class: "space" }),
          may &&
            h(
              "button",
              {
                class: enabled ? "button danger-quiet" : "button primary",
                type: "button",
                onclick: () => this.#enable(!enabled),
              },
              enabled ? "Disable…" : "Enable…",
            ),
        ),
        flag.description && h("p", { class: "intro" }, flag.description),
        flag.guard &&
          guardState(flag) !== "closed" &&
          h(
            "p",
            { class: "notice error" },
            icon("warn"),
            `The guard is ${guardState(flag)}`,
            flag.guard.because && `: ${flag.guard.because}`,
          ),
      );
      if (focused) head.querySelector("button")?.focus();
    }
    const lifecycle = typeof flag.lifecycle === "object" ? (flag.lifecycle ?? {}) : { kind: flag.lifecycle };
    const owner = flag.owner ?? lifecycle.owner;
    const expires = flag.expires ?? lifecycle.expires;
    const { exposures: _, ...told } = flag;
    redraw(about, told, () => [
      h("h2", {}, "About"),
      h(
        "dl",
        { class: "facts-list" },
        fact("Serves", flag.serves),
        fact("Type", flag.type),
        fact("Owner", owner),
        fact("Kind", lifecycle.kind),
        fact("Expires", expires && time(expires)),
        flag.guard &&
          fact("Guard", [
            guardState(flag),
            flag.guard.reports !== undefined &&
              h(
                "span",
                { class: "quiet" },
                `, ${flag.guard.failures} of ${count(flag.guard.reports, "report")} failed`,
              ),
          ]),
        isStale(flag) && Array.isArray(flag.stale) && fact("Stale", flag.stale.join(", ")),
        flag.writable === false && fact("Changes", "not as a flag: another source or the program makes it"),
        flag.path && fact("Setting", h("a", { href: `#/values/${encodeURIComponent(flag.path)}` }, flag.path)),
        flag.origin &&
          fact(
            "From",
            typeof flag.origin === "string"
              ? flag.origin
              : [layer(flag.origin), " ", flag.origin.at === flag.origin.layer ? "" : flag.origin.at],
          ),
      ),
    ]);
    put(plan, ramp(flag.definition));
    const names = Object.entries(flag.variants ?? {});
    put(
      variants,
      h("h2", {}, "Variants"),
      h(
        "table",
        { class: "table" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Variant"), h("th", { scope: "col" }, "Value"))),
        h(
          "tbody",
          {},
          names.map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, inline(value, 200)))),
        ),
      ),
    );
    this.#exposures(exposures);
    const text = JSON.stringify(flag.definition, null, 2);
    if (definition.dataset.text !== text) {
      definition.dataset.text = text ?? "";
      put(
        definition,
        h(
          "div",
          { class: "card-head" },
          h("h2", {}, "Definition"),
          may &&
            h(
              "button",
              {
                class: "button small",
                type: "button",
                onclick: () => editDefinition(this.#site, this.#flag, this.#read),
              },
              "Edit…",
            ),
        ),
        h("pre", { class: "code-block", tabindex: "0", role: "region", "aria-label": "Definition" }, text ?? ""),
      );
    }
  }

  // Bars, with the figures beside them: the bars are for those who see them.
  #exposures(place) {
    const { total = 0, variants = {}, reasons = {} } = this.#flag.exposures ?? {};
    const chart = (title, counts) => {
      const rows = Object.entries(counts).sort(([, one], [, other]) => other - one);
      return (
        rows.length > 0 && [
          h("h3", {}, title),
          h(
            "ul",
            { class: "chart" },
            rows.map(([name, amount]) =>
              h(
                "li",
                {},
                h("span", { class: "chart-name" }, name || "program's default"),
                h("span", { class: "bar-place" }, bar(amount / (total || 1))),
                h(
                  "span",
                  { class: "amount" },
                  `${amount.toLocaleString("en")} · ${percent((amount / (total || 1)) * 100)}`,
                ),
              ),
            ),
          ),
        ]
      );
    };
    put(
      place,
      h("div", { class: "card-head" }, h("h2", {}, "Exposures"), h("span", { class: "quiet" }, count(total, "answer"))),
      total === 0
        ? h("p", { class: "quiet" }, "Nobody asked for it yet.")
        : [chart("By variant", variants), chart("By reason", reasons)],
    );
  }

  async #enable(enabled) {
    const { key } = this.#flag;
    const path = `/feature-flags/${encodeURIComponent(key)}`;
    try {
      const tried = await this.#site.api.change("PUT", path, { body: { enabled }, dry: true });
      const text = enabled ? "It serves again what its definition says." : "Everybody gets its off variant at once.";
      const sure = await confirm(`${enabled ? "Enable" : "Disable"} ${key}?`, {
        text,
        content: findings([], tried.warnings),
        yes: enabled ? "Enable" : "Disable",
        danger: !enabled,
      });
      if (!sure) return;
      await this.#site.api.change("PUT", path, { body: { enabled } });
      announce(`${key} is ${enabled ? "enabled" : "disabled"}.`);
      await this.#read();
    } catch (error) {
      announce(error.message, "bad");
    }
  }
}

function fact(word, content) {
  return content ? h("div", {}, h("dt", {}, word), h("dd", {}, content)) : null;
}
