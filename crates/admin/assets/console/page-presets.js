// Presets: named sets of values, to be looked at and applied as one change.

import { announce, confirm } from "./dialogs.js";
import { changes, failure, findings } from "./diff.js";
import { h, redraw } from "./dom.js";
import { count } from "./format.js";

export function presets({ site }) {
  const list = h("ul", { class: "cards" });
  const element = h(
    "div",
    {},
    h("h1", {}, "Presets"),
    h(
      "p",
      { class: "quiet intro" },
      "A preset is a set of values with a name, checked as a whole. Applying one changes what differs.",
    ),
    list,
  );

  const none = () => h("li", { class: "empty" }, "This system has no presets.");

  async function read() {
    try {
      const answer = await site.api.get("/presets");
      const all = answer.presets ?? [];
      redraw(list, all, () => (all.length === 0 ? none() : all.map(card)));
    } catch (error) {
      redraw(list, error.message, () => (error.status === 404 ? none() : h("li", {}, failure(error))));
    }
  }

  function card(preset) {
    const differs = preset.changes?.length ?? 0;
    const valid = preset.valid !== false;
    return h(
      "li",
      { class: "card preset" },
      h(
        "div",
        { class: "card-head" },
        h("h2", {}, preset.name),
        !valid
          ? h("span", { class: "tag error" }, "not valid here")
          : differs === 0
            ? h("span", { class: "tag good" }, "in effect")
            : h("span", { class: "tag" }, count(differs, "change")),
      ),
      preset.description && h("p", {}, preset.description),
      !valid && findings(preset.errors),
      differs > 0 && h("details", {}, h("summary", {}, "What would change"), changes(preset.changes)),
      valid &&
        differs > 0 &&
        site.may("write") &&
        h(
          "div",
          { class: "card-foot" },
          h(
            "button",
            {
              class: "button small",
              type: "button",
              "aria-label": `Apply ${preset.name}`,
              onclick: () => apply(preset),
            },
            "Apply…",
          ),
        ),
    );
  }

  async function apply(preset) {
    const path = `/presets/${encodeURIComponent(preset.name)}/apply`;
    try {
      const etag = site.etag;
      const tried = await site.api.change("POST", path, { dry: true });
      const sure = await confirm(`Apply “${preset.name}”`, {
        content: [changes(tried.changes), findings([], tried.warnings)],
        yes: "Apply",
      });
      if (!sure) return;
      const applied = await site.api.change("POST", path, { etag, reason: `preset ${preset.name}` });
      await site.refresh();
      announce(`Applied as revision ${applied.revision}.`);
    } catch (error) {
      announce(error.message, "bad");
    }
  }

  read();
  return { element, update: (what) => what === "all" && read() };
}
