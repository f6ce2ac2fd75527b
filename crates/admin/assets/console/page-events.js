// The log of events, as they come.

import { changes } from "./diff.js";
import { h, put } from "./dom.js";
import { moment } from "./format.js";

export function events({ site }) {
  const list = h("ol", { class: "timeline log", "aria-label": "Events, newest first" });
  const pause = h(
    "button",
    {
      class: "button",
      type: "button",
      "aria-pressed": "false",
      onclick: () => {
        paused = !paused;
        pause.setAttribute("aria-pressed", String(paused));
        draw();
      },
    },
    "Pause",
  );
  const waiting = h("span", { class: "quiet", role: "status" });
  const element = h(
    "div",
    {},
    h("div", { class: "page-head" }, h("h1", {}, "Events"), waiting, pause),
    h("p", { class: "quiet intro" }, "What happens, as it happens, since this console was opened."),
    list,
  );
  let paused = false;
  let shown = site.log;

  function draw() {
    if (paused) {
      waiting.textContent = `${site.log.indexOf(shown[0]) < 0 ? site.log.length : site.log.indexOf(shown[0])} new`;
      return;
    }
    waiting.textContent = "";
    shown = [...site.log];
    put(
      list,
      shown.length === 0 ? h("li", { class: "empty" }, "Nothing has happened yet.") : shown.slice(0, 200).map(line),
    );
  }

  function line({ kind, data, at }) {
    const more = data.changes?.length > 0 ? changes(data.changes) : null;
    const said = data.message ?? data.reason ?? data.problem ?? "";
    return h(
      "li",
      { class: "entry" },
      h(
        "div",
        { class: "entry-head" },
        h("span", { class: `tag kind ${kind}` }, kind),
        data.revision !== undefined && h("span", { class: "revision" }, `#${data.revision}`),
        data.actor && h("b", { class: "actor" }, data.actor),
        data.source && h("span", { class: "tag" }, data.source),
        h("time", { class: "when", datetime: at }, moment(at)),
      ),
      said && h("p", { class: "reason" }, typeof said === "string" ? said : JSON.stringify(said)),
      more,
    );
  }

  draw();
  return { element, update: (what) => what === "log" && draw() };
}
