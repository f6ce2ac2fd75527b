// Asks for a token, where the address had none or a wrong one.

import { h, put } from "./dom.js";

export function login(place, { message, token, enter }) {
  const field = h("input", {
    id: "token",
    class: "input",
    type: "password",
    autocomplete: "off",
    spellcheck: "false",
    required: true,
    value: token,
    "aria-describedby": message ? "token-help token-error" : "token-help",
    "aria-invalid": message ? "true" : null,
  });
  const remember = h("input", { id: "remember", type: "checkbox" });
  const go = h("button", { class: "button primary", type: "submit" }, "Open the console");
  const form = h(
    "form",
    {
      class: "login-form",
      onsubmit: (event) => {
        event.preventDefault();
        if (field.value.trim() === "") return field.focus();
        go.disabled = true;
        go.textContent = "Opening…";
        enter(field.value.trim(), remember.checked);
      },
    },
    h("label", { class: "field-label", for: "token" }, "Token"),
    field,
    message && h("p", { id: "token-error", class: "field-error", role: "alert" }, message),
    h(
      "p",
      { id: "token-help", class: "quiet" },
      "It looks like ",
      h("code", {}, "id.secret"),
      ". The server prints an address with one when it starts, or reads yours from its file of tokens.",
    ),
    h("div", { class: "check-line" }, remember, h("label", { for: "remember" }, "Keep it until this tab is closed")),
    go,
  );
  document.title = "Strata console";
  put(
    place,
    h(
      "main",
      { id: "main", class: "login", tabindex: "-1" },
      h(
        "div",
        { class: "login-card" },
        h("img", { src: "console/mark.svg", alt: "", width: 40, height: 40 }),
        h("h1", {}, "Strata"),
        h("p", { class: "lead" }, "Every value, and where it came from."),
        form,
      ),
    ),
  );
  field.focus();
}
