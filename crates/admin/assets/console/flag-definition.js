// A flag's definition as text.

import { announce, dialog } from "./dialogs.js";
import { failure } from "./diff.js";
import { add, h, put } from "./dom.js";

// Changes a definition as a whole. What is wrong with it is told, and nothing is stored.
export function editDefinition(site, flag, done) {
  return dialog(
    `Definition of ${flag.key}`,
    (body, foot, close) => {
      const box = h("textarea", {
        class: "input code",
        rows: 18,
        spellcheck: "false",
        autofocus: true,
        "aria-label": "Definition",
        value: JSON.stringify(flag.definition, null, 2),
      });
      const news = h("div", { "aria-live": "polite" });
      add(body, box, news);
      add(
        foot,
        h("button", { class: "button", type: "button", onclick: () => close() }, "Cancel"),
        h(
          "button",
          {
            class: "button primary",
            type: "button",
            onclick: async () => {
              try {
                const definition = JSON.parse(box.value);
                await site.api.change("PUT", `/feature-flags/${encodeURIComponent(flag.key)}`, {
                  body: { definition },
                });
                close(true);
                announce("Saved.");
                done();
              } catch (error) {
                put(news, failure(error));
              }
            },
          },
          "Save",
        ),
      );
    },
    { wide: true },
  );
}
