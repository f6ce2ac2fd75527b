// "Evaluate as…": what somebody gets, and step by step why.

import { failure, inline } from "./diff.js";
import { h, put, unique } from "./dom.js";

export class Evaluate {
  element;
  #site;
  #key;

  constructor(site, flag) {
    this.#site = site;
    this.#key = flag.key;
    const [id, help] = [unique("context"), unique("help")];
    const answer = h("div", { "aria-live": "polite" });
    const box = h("textarea", {
      id,
      class: "input code",
      rows: 4,
      spellcheck: "false",
      "aria-describedby": help,
      value: JSON.stringify({ targetingKey: "user-1" }, null, 2),
    });
    const form = h(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          this.#ask(box, answer);
        },
      },
      h("label", { class: "field-label", for: id }, "Context"),
      box,
      h("p", { class: "quiet", id: help }, "JSON. It is not counted as an exposure."),
      h("button", { class: "button", type: "submit" }, "Evaluate"),
    );
    this.element = h("section", { class: "card evaluate" }, h("h2", {}, "Evaluate as…"), form, answer);
  }

  async #ask(box, answer) {
    let context;
    try {
      context = JSON.parse(box.value);
      box.removeAttribute("aria-invalid");
    } catch (error) {
      box.setAttribute("aria-invalid", "true");
      return put(answer, h("p", { class: "field-error" }, `This is not JSON yet: ${error.message}`));
    }
    try {
      const { data } = await this.#site.api.call("POST", `/feature-flags/${encodeURIComponent(this.#key)}/evaluate`, {
        body: { context, trace: true },
      });
      put(
        answer,
        data.errorCode
          ? h("p", { class: "notice error" }, h("b", {}, data.errorCode), " ", data.errorDetails)
          : [outcome(data), steps(data.steps, this.#key)],
      );
    } catch (error) {
      put(answer, failure(error));
    }
  }
}

function outcome(data) {
  const metadata = Object.entries(data.metadata ?? {});
  return h(
    "dl",
    { class: "facts-list outcome" },
    h("div", {}, h("dt", {}, "Value"), h("dd", {}, inline(data.value ?? null, 400))),
    h("div", {}, h("dt", {}, "Variant"), h("dd", {}, data.variant ?? "none: the program's own default")),
    h("div", {}, h("dt", {}, "Reason"), h("dd", {}, h("code", {}, data.reason))),
    metadata.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value)))),
  );
}

// What was asked, in order: the last step decided.
function steps(list = [], key) {
  if (list.length === 0) return null;
  return [
    h("h3", {}, "What was asked"),
    h(
      "ol",
      { class: "steps" },
      list.map((step, index) =>
        h(
          "li",
          { class: index === list.length - 1 ? "decided" : null },
          step.flag !== key && h("span", { class: "tag" }, step.flag),
          h("b", {}, step.asked),
          h("span", { class: "quiet" }, step.outcome),
        ),
      ),
    ),
  ];
}
