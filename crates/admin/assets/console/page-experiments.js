// Experiments: presets that are served to shares of those who ask.

import { announce } from "./dialogs.js";
import { failure } from "./diff.js";
import { bar } from "./controls.js";
import { h, redraw } from "./dom.js";
import { count, percent } from "./format.js";

export function experiments({ site }) {
  const list = h("ul", { class: "cards" });
  const element = h(
    "div",
    {},
    h("h1", {}, "Experiments"),
    h("p", { class: "quiet intro" }, "An experiment serves presets by share, and counts who was served which."),
    list,
  );

  const none = () => h("li", { class: "empty" }, "There is no experiment.");

  async function read() {
    try {
      const answer = await site.api.get("/experiments");
      const all = answer.experiments ?? [];
      redraw(list, all, () => (all.length === 0 ? none() : all.map(card)));
    } catch (error) {
      redraw(list, error.message, () => (error.status === 404 ? none() : h("li", {}, failure(error))));
    }
  }

  function card(experiment) {
    const arms = experiment.arms ?? [];
    const weights = arms.reduce((sum, arm) => sum + arm.weight, 0) || 1;
    const served = Object.values(experiment.exposures ?? {}).reduce((sum, amount) => sum + amount, 0);
    return h(
      "li",
      { class: "card" },
      h(
        "div",
        { class: "card-head" },
        h("h2", {}, experiment.name),
        h("span", { class: `tag ${experiment.enabled ? "good" : ""}` }, experiment.enabled ? "running" : "stopped"),
      ),
      experiment.description && h("p", {}, experiment.description),
      h("p", { class: "quiet" }, count(served, "exposure"), shareOf(experiment.share)),
      h(
        "table",
        { class: "table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["Preset", "Share", "Served"].map((word) => h("th", { scope: "col" }, word)),
          ),
        ),
        h(
          "tbody",
          {},
          arms.map((arm) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, arm.preset),
              h("td", {}, percent((arm.weight / weights) * 100)),
              h(
                "td",
                { class: "bar-cell" },
                h(
                  "span",
                  {},
                  bar((experiment.exposures?.[arm.preset] ?? 0) / (served || 1)),
                  h("span", { class: "figure-small" }, String(experiment.exposures?.[arm.preset] ?? 0)),
                ),
              ),
            ),
          ),
        ),
      ),
      site.may("write") &&
        h(
          "div",
          { class: "card-foot" },
          h(
            "button",
            { class: "button small", type: "button", onclick: () => toggle(experiment) },
            experiment.enabled ? "Stop" : "Start",
          ),
        ),
    );
  }

  async function toggle(experiment) {
    const { exposures, revision, name, ...body } = experiment;
    try {
      await site.api.change("PUT", `/experiments/${encodeURIComponent(name)}`, {
        body: { ...body, enabled: !experiment.enabled },
      });
      announce(experiment.enabled ? "Stopped." : "Started.");
      await read();
    } catch (error) {
      announce(error.message, "bad");
    }
  }

  read();
  return { element, update: (what) => ["all", "flags"].includes(what) && read() };
}

// How many take part, where that is said.
function shareOf(share) {
  if (share === undefined || share === null) return "";
  return `, ${typeof share === "number" ? percent(share) : share} take part`;
}
