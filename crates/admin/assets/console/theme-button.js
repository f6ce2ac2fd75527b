// Switches between light and dark; until somebody does, the system's preference counts.

import { add, h, icon, put } from "./dom.js";

// The button. It follows the system's preference until the signal ends it.
export function themeButton(signal) {
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const button = h("button", {
    class: "icon-button",
    type: "button",
    onclick: () => {
      const theme = dark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      try {
        localStorage.setItem("strata-theme", theme);
      } catch {
        // Storage is forbidden: the choice lasts as long as the page.
      }
      show();
    },
  });
  const show = () => {
    const other = dark() ? "light" : "dark";
    button.setAttribute("aria-label", `Use the ${other} theme`);
    button.title = `Use the ${other} theme`;
    put(button, icon(other));
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show, { signal });
  show();
  return add(h("span", {}), button);
}
