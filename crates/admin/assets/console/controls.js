// The right control for each type of value. Each gives a value, or says that there is none to be read yet.

import { h, svg } from "./dom.js";
import { isSecret } from "./format.js";

// The control of a value. `start` is what it shows first, and `told` gets `{ value }` or `{ text, message }` at every
// input. `described` names the elements that tell more.
export function control(setting, { id, described, start, told }) {
  const shared = { id, "aria-describedby": described, spellcheck: "false", autocomplete: "off" };
  if (setting.secret) return secret(shared, told);
  if (setting.type === "boolean") return onOff(setting, shared, start, told);
  if (Array.isArray(setting.choices) && setting.choices.length > 0) return choice(setting, shared, start, told);
  if (["integer", "number"].includes(setting.type)) return number(setting, shared, start, told);
  const structured =
    ["list", "map", "object", "any"].includes(setting.type) || (start !== null && typeof start === "object");
  if (structured) return json(shared, start, told);
  return line(setting, shared, start, told);
}

function onOff(setting, shared, start, told) {
  const word = h("span", { class: "switch-word", "aria-hidden": "true" }, start ? "true" : "false");
  const box = h("input", {
    ...shared,
    type: "checkbox",
    role: "switch",
    class: "switch",
    checked: start === true,
    "aria-label": setting.path,
    onchange: () => {
      word.textContent = String(box.checked);
      told({ value: box.checked });
    },
  });
  return h("span", { class: "switch-line" }, box, word);
}

function choice(setting, shared, start, told) {
  const names = setting.choices.includes(start) || start === null ? setting.choices : [start, ...setting.choices];
  const options = names.map((name) => h("option", { value: String(name) }, String(name)));
  if (start === null) options.unshift(h("option", { value: "" }, "— nothing —"));
  const box = h(
    "select",
    {
      ...shared,
      class: "input",
      onchange: () => told({ value: names.find((name) => String(name) === box.value) ?? null }),
    },
    options,
  );
  box.value = String(start ?? "");
  return box;
}

// The bounds of a limit in words: `1 to 64`, `at least 1`.
export function bounds(limits = []) {
  const number = "(-?\\d[\\d_]*(?:\\.\\d+)?(?:e-?\\d+)?)";
  const found = {};
  for (const text of limits) {
    const both = new RegExp(`^${number} to ${number}(?!.*(characters|items|entries))`).exec(text);
    const least = new RegExp(`^at least ${number}(?!.*(characters|items|entries))`).exec(text);
    const most = new RegExp(`^at most ${number}(?!.*(characters|items|entries))`).exec(text);
    if (both) Object.assign(found, { min: both[1], max: both[2] });
    else if (least) found.min = least[1];
    else if (most) found.max = most[1];
  }
  return found;
}

function number(setting, shared, start, told) {
  const whole = setting.type === "integer";
  const box = h("input", {
    ...shared,
    ...bounds(setting.limits),
    type: "number",
    step: whole ? "1" : "any",
    class: "input number",
    value: start === null ? "" : String(start),
    oninput: () => {
      const value = Number(box.value);
      if (box.value === "") told({ text: box.value, message: "A number is needed here." });
      // Larger integers would be rounded on their way: better not at all.
      else if (whole && !Number.isSafeInteger(value)) told({ text: box.value, message: "An integer is needed here." });
      else told({ value });
    },
  });
  return box;
}

function line(setting, shared, start, told) {
  const wasNumber = typeof start === "number";
  const box = h("input", {
    ...shared,
    type: "text",
    class: "input",
    value: start === null ? "" : String(start),
    placeholder: start === null ? "nothing" : null,
    oninput: () =>
      told({ value: wasNumber && /^-?\d+(\.\d+)?$/.test(box.value.trim()) ? Number(box.value) : box.value }),
  });
  return box;
}

function secret(shared, told) {
  return h("input", {
    ...shared,
    type: "password",
    class: "input",
    autocomplete: "new-password",
    placeholder: "••••••••",
    oninput: (event) => told(event.target.value === "" ? { drop: true } : { value: event.target.value }),
  });
}

function json(shared, start, told) {
  const text = JSON.stringify(start, null, 2) ?? "";
  const hidden = JSON.stringify(start, (_, inner) => (isSecret(inner) ? "secret" : inner)) !== JSON.stringify(start);
  const box = h("textarea", {
    ...shared,
    class: "input code",
    rows: Math.min(16, Math.max(4, text.split("\n").length + 1)),
    value: text,
    oninput: () => {
      try {
        told({ value: JSON.parse(box.value) });
      } catch (error) {
        told({ text: box.value, message: `This is not JSON yet: ${error.message}` });
      }
    },
    // Tab leaves the field, as everywhere; two spaces come by themselves after an opening bracket.
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const before = box.value.slice(0, box.selectionStart);
      const margin = /[^\n]*$/.exec(before)[0].match(/^ */)[0] + (/[{[]\s*$/.test(before) ? "  " : "");
      event.preventDefault();
      box.setRangeText(`\n${margin}`, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input"));
    },
  });
  return hidden
    ? h("div", {}, box, h("p", { class: "quiet" }, "Secrets inside stay as they are where nothing else is written."))
    : box;
}

// A number between 0 and 1 as a bar, for those who see it; the text beside it says the same.
export function bar(share, { tone = "accent" } = {}) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return svg(
    "svg",
    { class: `bar ${tone}`, viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", width: 100, height: 4 }),
    svg("rect", { class: "fill", width, height: 4 }),
  );
}
