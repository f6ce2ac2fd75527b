// Dialogs, and words for those who do not see them. Dialogs are `<dialog>`: Escape closes them, and the focus goes back
// to where it was.

import { add, h, unique } from "./dom.js";

// Says something to screen readers, and shows it for a while.
export function announce(text, kind = "done") {
  const region = document.getElementById("announce");
  region.textContent = "";
  // A region that is filled in the same turn is not read aloud again.
  setTimeout(() => (region.textContent = text), 30);
  const toast = h("div", { class: `toast ${kind}`, "aria-hidden": "true" }, text);
  document.querySelector(".toast")?.remove();
  document.body.append(toast);
  setTimeout(() => toast.remove(), 5000);
}

// Opens a dialog with a title; `fill` gets the body, the foot, and a function that closes it with a result. Gives the
// result, or undefined where it was dismissed.
export function dialog(title, fill, { wide = false, danger = false } = {}) {
  return new Promise((resolve) => {
    const name = unique("dialog");
    const before = document.activeElement;
    const body = h("div", { class: "dialog-body" });
    const foot = h("div", { class: "dialog-foot" });
    const box = h(
      "dialog",
      { class: `dialog${wide ? " wide" : ""}${danger ? " danger" : ""}`, "aria-labelledby": name },
      h("h2", { id: name }, title),
      body,
      foot,
    );
    let result;
    const close = (value) => {
      result = value;
      box.close();
    };
    box.addEventListener("close", () => {
      box.remove();
      if (before?.isConnected) before.focus();
      else document.getElementById("main")?.focus();
      resolve(result);
    });
    // A press outside of the box dismisses it, as Escape does.
    box.addEventListener("pointerdown", (event) => {
      const at = box.getBoundingClientRect();
      const inside =
        event.clientX >= at.left && event.clientX <= at.right && event.clientY >= at.top && event.clientY <= at.bottom;
      if (event.target === box && !inside) close();
    });
    fill(body, foot, close, box);
    document.body.append(box);
    box.showModal();
  });
}

// Asks for a yes. Where `word` is given, it has to be typed. The focus starts where no harm is done.
export function confirm(title, { text, content, yes, danger = false, word }) {
  return dialog(
    title,
    (body, foot, close) => {
      add(body, text && h("p", {}, text), content);
      const go = h(
        "button",
        { class: danger ? "button danger" : "button primary", type: "button", onclick: () => close(true) },
        yes,
      );
      if (word) {
        const name = unique("word");
        const field = h("input", {
          id: name,
          class: "input",
          autocomplete: "off",
          autocapitalize: "none",
          spellcheck: "false",
        });
        go.disabled = true;
        field.addEventListener("input", () => (go.disabled = field.value.trim() !== word));
        field.addEventListener("keydown", (event) => event.key === "Enter" && !go.disabled && close(true));
        add(body, h("label", { class: "field-label", for: name }, "To go on, type ", h("code", {}, word)), field);
      }
      add(
        foot,
        h("button", { class: "button", type: "button", autofocus: true, onclick: () => close() }, "Cancel"),
        go,
      );
    },
    { danger, wide: Boolean(content) },
  );
}

// Says something to screen readers alone.
announce.quiet = (text) => {
  document.getElementById("announce").textContent = text;
};
