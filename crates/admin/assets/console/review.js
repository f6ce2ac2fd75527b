// Before edits are saved: what they change, what is wrong with them, and what others changed meanwhile.

import { announce, dialog } from "./dialogs.js";
import { changes, failure, findings, inline } from "./diff.js";
import { add, h, put, unique } from "./dom.js";
import { Gone } from "./api.js";

export function review(site, draft) {
  return dialog(
    "Review and save",
    (body, foot, close) => {
      const conflicts = h("div", {});
      const shown = h("div", { class: "review-changes", "aria-live": "polite" });
      const trouble = h("div", {});
      const name = unique("reason");
      const reason = h("input", {
        id: name,
        class: "input",
        maxlength: 500,
        placeholder: "Why? It is kept in the history.",
      });
      const save = h("button", { class: "button primary", type: "submit" }, "Save");
      const form = h(
        "form",
        {
          class: "review",
          id: unique("review"),
          onsubmit: (event) => {
            event.preventDefault();
            if (!save.disabled) store();
          },
        },
        conflicts,
        shown,
        h("label", { class: "field-label", for: name }, "Reason"),
        reason,
        trouble,
      );
      save.setAttribute("form", form.id);
      add(body, form);
      add(foot, h("button", { class: "button", type: "button", onclick: () => close() }, "Keep editing"), save);
      save.disabled = true;

      // Asks the server what the change would do: the differences it tells are the ones that count.
      async function tryIt() {
        save.disabled = true;
        const open = draft.conflicts();
        put(conflicts, open.length > 0 && conflictList(site, draft, open, tryIt));
        if (draft.size === 0) return close();
        if (draft.isBroken())
          return put(
            shown,
            h("p", { class: "notice error" }, "One of the edits cannot be read yet. Go back and finish it."),
          );
        try {
          const tried = await site.api.change("POST", "/values/batch", { body: draft.body(), dry: true });
          put(shown, changes(tried.changes), findings([], tried.warnings));
          save.disabled = open.length > 0 || draft.size === 0;
        } catch (error) {
          put(shown, failure(error));
        }
      }

      async function store() {
        save.disabled = true;
        save.textContent = "Saving…";
        put(trouble);
        try {
          const applied = await site.api.change("POST", "/values/batch", {
            body: draft.body(reason.value.trim()),
            etag: draft.etag,
          });
          draft.clear();
          await site.refresh().catch(() => {});
          close(applied);
          const waits = applied.pending?.length > 0 ? " Some of it waits for a restart." : "";
          announce(`Saved as revision ${applied.revision}.${waits}`);
        } catch (error) {
          save.textContent = "Save";
          if (error.status === 412) return moved();
          put(
            trouble,
            failure(error),
            error instanceof Gone && h("p", { class: "quiet" }, "Nothing is lost: the edits stay here."),
          );
          save.disabled = false;
        }
      }

      // Somebody was faster. What they changed is read, and shown where it meets our edits.
      async function moved() {
        const before = new Map(site.values);
        await site.refresh().catch(() => {});
        const theirs = [...site.values].filter(
          ([path, value]) => JSON.stringify(before.get(path)?.value) !== JSON.stringify(value.value),
        );
        const list = theirs.map(([path, value]) => ({ path, old: before.get(path)?.value ?? null, new: value.value }));
        put(
          trouble,
          h(
            "div",
            { class: "notice warn", role: "alert" },
            h("strong", {}, "The configuration changed meanwhile. Nothing was saved."),
            list.length > 0 && changes(list),
          ),
        );
        draft.settle();
        await tryIt();
      }

      tryIt();
    },
    { wide: true },
  );
}

// What others changed of the very values that are edited here: one decision each.
function conflictList(site, draft, paths, decided) {
  return h(
    "section",
    { class: "conflicts", role: "alert" },
    h(
      "h3",
      {},
      paths.length === 1
        ? "Somebody else changed this value meanwhile"
        : "Somebody else changed these values meanwhile",
    ),
    h(
      "ul",
      {},
      paths.map((path) => {
        const edit = draft.get(path);
        const theirs = site.values.get(path);
        const mine =
          edit.kind === "unset"
            ? h("span", { class: "quiet" }, "back to weaker sources")
            : theirs?.secret
              ? "a new secret"
              : inline(edit.value);
        return h(
          "li",
          { class: "conflict" },
          h("code", {}, path),
          h(
            "dl",
            { class: "conflict-sides" },
            h("div", {}, h("dt", {}, "When you began"), h("dd", {}, inline(edit.before ?? null))),
            h(
              "div",
              {},
              h("dt", {}, "Theirs, in effect now"),
              h(
                "dd",
                {},
                inline(theirs?.value ?? null),
                theirs?.origin?.at && h("span", { class: "quiet" }, ` ${theirs.origin.at}`),
              ),
            ),
            h("div", {}, h("dt", {}, "Yours"), h("dd", {}, mine)),
          ),
          h(
            "div",
            { class: "conflict-choice" },
            h(
              "button",
              {
                class: "button small",
                type: "button",
                "data-choice": "theirs",
                onclick: () => {
                  draft.drop(path);
                  draft.settle();
                  decided();
                },
              },
              "Take theirs",
            ),
            h(
              "button",
              {
                class: "button small",
                type: "button",
                "data-choice": "mine",
                onclick: () => {
                  draft.keepMine(path);
                  decided();
                },
              },
              "Keep mine",
            ),
          ),
        );
      }),
    ),
  );
}
