// A flag's rollout: a slider and an exact number, both in steps of 0.001 %, and the plan of a ramp.

import { announce } from "./dialogs.js";
import { bar } from "./controls.js";
import { failure, time } from "./diff.js";
import { h, put, unique } from "./dom.js";
import { moment, percent } from "./format.js";

const STOPS = [0, 1, 5, 25, 50, 100];

export class Rollout {
  element = h("section", { class: "card rollout" });
  #site;
  #flag;
  #read;
  #shown = null;
  #typed = null;
  #parts = null;

  constructor(site, flag, read) {
    this.#site = site;
    this.#flag = flag;
    this.#read = read;
    this.update(flag);
  }

  update(flag) {
    this.#flag = flag;
    const has = flag.percentage !== null && flag.percentage !== undefined;
    if (!has) {
      this.#parts = null;
      this.#shown = null;
      put(
        this.element,
        h("h2", {}, "Rollout"),
        h("p", { class: "quiet" }, `It serves no share of its own: ${flag.serves ?? "see its definition"}.`),
        this.#may() && this.#begin(),
      );
      return;
    }
    if (!this.#parts) this.#make();
    // Somebody else moved it: shown at once, unless a hand is on the slider here.
    if (this.#shown !== flag.percentage) {
      const untouched = this.#typed === null;
      this.#shown = flag.percentage;
      if (untouched) this.#place(flag.percentage);
    }
    this.#state();
  }

  #may() {
    return this.#flag.writable !== false && (this.#site.may("flags") || this.#site.may("write"));
  }

  // A flag that serves one variant to all can be given a share, where it is a plain boolean.
  #begin() {
    if (this.#flag.type !== "bool" && this.#flag.type !== "boolean") return null;
    const start = this.#flag.enabled === false || /\b(off|false|nobody)\b/.test(this.#flag.serves ?? "") ? 0 : 100;
    return h(
      "button",
      { class: "button small", type: "button", onclick: () => this.#save(start) },
      "Serve it by share",
    );
  }

  #make() {
    const [slider, number, figure] = [unique("slider"), unique("share"), unique("figure")];
    const parts = {};
    parts.slider = h("input", {
      id: slider,
      type: "range",
      min: 0,
      max: 100,
      step: 0.001,
      class: "slider",
      oninput: () => this.#type(Number(parts.slider.value)),
      // One arrow key moves by 0.001 %, with Shift by 1 %, with Control by 0.1 %: the whole range stays within reach.
      onkeydown: (event) => {
        const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
        if (!sign) return;
        const step = Math.abs(sign) === 10 ? 1 : event.shiftKey ? 1 : event.ctrlKey ? 0.1 : 0.001;
        event.preventDefault();
        this.#type(Number(parts.slider.value) + sign * step);
        this.#place(this.#typed);
      },
    });
    parts.number = h("input", {
      id: number,
      type: "number",
      min: 0,
      max: 100,
      step: 0.001,
      class: "input number",
      inputmode: "decimal",
      "aria-describedby": figure,
      oninput: () =>
        parts.number.value !== "" && parts.number.checkValidity() && this.#type(Number(parts.number.value)),
      onkeydown: (event) => event.key === "Enter" && !parts.save.disabled && this.#save(this.#typed),
    });
    parts.save = h(
      "button",
      { class: "button primary small", type: "button", onclick: () => this.#save(this.#typed) },
      "Save",
    );
    parts.undo = h(
      "button",
      {
        class: "button small ghost",
        type: "button",
        onclick: () => {
          this.#typed = null;
          this.#place(this.#shown);
          this.#state();
          parts.slider.focus();
        },
      },
      "Undo",
    );
    parts.note = h("p", { class: "quiet", id: figure, role: "status" });
    parts.news = h("div", {});
    parts.fill = h("span", { class: "slider-line" });
    this.#parts = parts;
    const may = this.#may();
    parts.slider.disabled = !may;
    parts.number.disabled = !may;
    put(
      this.element,
      h("h2", {}, "Rollout"),
      h(
        "div",
        { class: "rollout-line" },
        h(
          "div",
          { class: "slider-box" },
          h("label", { class: "unseen", for: slider }, "Share of everybody who takes part, in percent"),
          parts.slider,
          h(
            "div",
            { class: "slider-scale", "aria-hidden": "true" },
            [0, 25, 50, 75, 100].map((stop) => h("span", {}, String(stop))),
          ),
        ),
        h(
          "div",
          { class: "share-box" },
          h("label", { class: "unseen", for: number }, "Exact share in percent"),
          parts.number,
          h("span", { "aria-hidden": "true" }, "%"),
        ),
      ),
      may &&
        h(
          "div",
          { class: "stops" },
          STOPS.map((stop) =>
            h(
              "button",
              {
                class: "button tiny",
                type: "button",
                onclick: () => {
                  this.#type(stop);
                  this.#place(stop);
                },
              },
              `${stop} %`,
            ),
          ),
          h("span", { class: "space" }),
          parts.undo,
          parts.save,
        ),
      parts.note,
      parts.news,
    );
    this.#place(this.#flag.percentage);
  }

  #place(share) {
    const exact = Number(share.toFixed(3));
    this.#parts.slider.value = String(exact);
    this.#parts.number.value = String(exact);
    this.#parts.slider.style.setProperty("--share", `${exact}%`);
    this.#parts.slider.setAttribute("aria-valuetext", percent(exact));
  }

  #type(share) {
    const exact = Number(Math.min(100, Math.max(0, share)).toFixed(3));
    this.#typed = exact === this.#shown ? null : exact;
    const { slider, number } = this.#parts;
    if (Number(slider.value) !== exact) slider.value = String(exact);
    if (Number(number.value) !== exact) number.value = String(exact);
    slider.style.setProperty("--share", `${exact}%`);
    slider.setAttribute("aria-valuetext", percent(exact));
    this.#state();
  }

  #state() {
    const { save, undo, note } = this.#parts;
    const idle = this.#typed === null;
    save.disabled = idle;
    undo.disabled = idle;
    const ramped = this.#flag.definition?.fallthrough?.ramp;
    const text = idle
      ? `${percent(this.#shown)} take part${ramped ? " now; the ramp moves it" : ""}. Whoever is in stays in.`
      : `${percent(this.#shown)} → ${percent(this.#typed)}. Not saved.${ramped ? " The ramp ends with it." : ""}`;
    if (note.textContent !== text) note.textContent = text;
  }

  async #save(share) {
    const { key } = this.#flag;
    try {
      await this.#site.api.change("PUT", `/feature-flags/${encodeURIComponent(key)}`, { body: { percentage: share } });
      this.#typed = null;
      this.#shown = share;
      if (this.#parts) {
        put(this.#parts.news);
        this.#state();
      }
      announce(`${key}: ${percent(share)} take part.`);
      await this.#read();
    } catch (error) {
      if (this.#parts) put(this.#parts.news, failure(error));
      else announce(error.message, "bad");
    }
  }
}

// The plan of a ramp: what is done, what comes.
export function ramp(definition) {
  const steps = definition?.fallthrough?.ramp?.steps;
  if (!Array.isArray(steps) || steps.length === 0) return null;
  const now = Date.now();
  const current = steps.findLastIndex((step) => new Date(step.at).getTime() <= now);
  return h(
    "section",
    { class: "card" },
    h("h2", {}, "Ramp plan"),
    h(
      "ol",
      { class: "ramp" },
      steps.map((step, index) => {
        const share = typeof step.coverage === "string" ? Number.parseFloat(step.coverage) : step.coverage / 1000;
        const state = index < current ? "done" : index === current ? "now" : "later";
        return h(
          "li",
          { class: state, "aria-current": state === "now" ? "step" : null },
          h("span", { class: "ramp-share" }, percent(share)),
          h("span", { class: "bar-place" }, bar(share / 100)),
          h("span", { class: "quiet" }, state === "now" ? "now, since " : "", time(step.at), ` (${moment(step.at)})`),
        );
      }),
    ),
  );
}
