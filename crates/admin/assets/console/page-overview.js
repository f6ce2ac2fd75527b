// The first page: how the configuration is, what it was made of, and what needs somebody's attention.

import { changes, findings, layer, time } from "./diff.js";
import { boardCard } from "./board.js";
import { bar } from "./controls.js";
import { h, icon, put, redraw } from "./dom.js";
import { ago, count, duration, moment } from "./format.js";
import { entryLine } from "./page-history.js";

const WORDS = {
  healthy: "Everything is as it should be.",
  degraded: "It works, though not as it should.",
  critical: "It needs somebody now.",
};

export function overview({ site }) {
  const health = h("section", { class: "card health", "aria-label": "Health" });
  const numbers = h("section", { class: "numbers", "aria-label": "Figures" });
  const attention = h("div", {});
  const sources = h("section", { class: "card" });
  const recent = h(
    "section",
    { class: "card" },
    h("div", { class: "card-head" }, h("h2", {}, "Latest changes"), h("a", { href: "#/history" }, "History")),
  );
  const list = h("ol", { class: "timeline compact" });
  recent.append(list);
  const statistics = h("section", { class: "card" });
  const profile = h("div", {});
  const element = h(
    "div",
    { class: "overview" },
    h("h1", {}, "Overview"),
    health,
    numbers,
    attention,
    h("div", { class: "columns" }, h("div", {}, sources, statistics), h("div", {}, profile, recent)),
  );
  let revision = null;

  function draw() {
    const { status } = site;
    const condition = status.condition ?? "healthy";
    put(
      health,
      h("span", { class: `lamp ${condition}`, "aria-hidden": "true" }),
      h(
        "div",
        {},
        h("p", { class: "health-word" }, condition),
        h("p", { class: "quiet" }, WORDS[condition] ?? ""),
        status.reasons?.length > 0 &&
          h(
            "ul",
            { class: "reasons" },
            status.reasons.map((reason) => h("li", {}, typeof reason === "string" ? reason : reason.message)),
          ),
      ),
    );
    put(
      numbers,
      number("Revision", String(status.revision ?? "–"), status.since && ["since ", time(status.since)]),
      number("Age", duration(status.statistics?.age_seconds ?? seconds(status.since)), "since it was last read"),
      number(
        "Waits for a restart",
        String(status.pending?.length ?? 0),
        status.pending?.length ? "see below" : "nothing",
      ),
      number("Up", duration(status.statistics?.uptime_seconds), status.store ? String(storeWord(status.store)) : null),
    );
    const alerts = (status.alerts ?? []).filter((alert) => alert.active !== false);
    const wanting = [status.flags?.kill_switch, alerts, status.pending, status.warnings, status.progress];
    redraw(profile, status.profile, () => boardCard(status.profile));
    redraw(attention, wanting, () => [
      status.flags?.kill_switch &&
        h(
          "div",
          { class: "notice error" },
          icon("warn"),
          h("strong", {}, "The kill switch is on: "),
          "every flag is off. ",
          h("a", { href: "#/flags" }, "Flags"),
        ),
      alerts.length > 0 && card("Alerts", h("ul", { class: "alerts" }, alerts.map(alertLine))),
      status.pending?.length > 0 && card("Waits for a restart", changes(status.pending)),
      status.warnings?.length > 0 && card("Questionable", findings([], status.warnings)),
      status.progress?.length > 0 && card("Under way", status.progress.map(work)),
    ]);
    drawSources(status);
    drawStatistics(status);
    if (revision !== status.revision) {
      revision = status.revision;
      drawRecent();
    }
  }

  function drawSources(status) {
    const all = Object.entries(status.sources ?? {}).sort(([, one], [, other]) => other - one);
    const sum = all.reduce((total, [, amount]) => total + amount, 0) || 1;
    put(
      sources,
      h("h2", {}, "Where values come from"),
      h(
        "ul",
        { class: "source-bars" },
        all.map(([name, amount]) =>
          h(
            "li",
            { "data-layer": name },
            layer({ layer: name, at: "" }),
            h("span", { class: "bar-place" }, bar(amount / sum, { tone: "layered" })),
            h("span", { class: "amount" }, count(amount, "value")),
          ),
        ),
      ),
      status.source_status?.length > 0 &&
        h(
          "ul",
          { class: "source-status" },
          status.source_status.map((source) =>
            h(
              "li",
              {},
              h("span", { class: `dot ${source.ok ? "open" : "gone"}`, "aria-hidden": "true" }),
              h("span", { class: "wrap" }, source.name),
              h(
                "span",
                { class: source.ok ? "quiet" : "bad" },
                source.ok
                  ? "read"
                  : `fails${source.failing_since ? ` since ${ago(source.failing_since)}` : ""}: ${source.problem ?? ""}`,
              ),
            ),
          ),
        ),
    );
  }

  function drawStatistics(status) {
    const known = { writes: "Changes", refused: "Refused", reloads: "Reloads", failures: "Failed reloads" };
    const rows = Object.entries(known).filter(([key]) => status.statistics?.[key] !== undefined);
    const streams = status.streams ?? {};
    const caller = status.caller ?? {};
    put(
      statistics,
      h("h2", {}, "This process"),
      h(
        "dl",
        { class: "facts-list" },
        rows.map(([key, word]) => fact(word, String(status.statistics[key]))),
        streams.sse !== undefined && fact("Listeners", `${streams.sse ?? 0} SSE, ${streams.websocket ?? 0} WebSocket`),
        webhooks(streams.webhooks),
        status.flags &&
          fact("Flags", [
            count(status.flags.count ?? 0, "flag"),
            status.flags.stale > 0 && `, ${status.flags.stale} stale`,
          ]),
        caller.actor &&
          fact("You", [caller.actor, h("span", { class: "quiet" }, ` ${(caller.scopes ?? []).join(", ")}`)]),
        caller.expires && fact("Your token ends", moment(caller.expires)),
      ),
    );
  }

  async function drawRecent() {
    try {
      const { entries } = await site.api.get("/history", { limit: 6 });
      put(
        list,
        entries.length === 0
          ? h("li", { class: "quiet" }, "Nothing was changed at run time yet.")
          : entries.map((entry) => entryLine(entry)),
      );
    } catch (error) {
      put(list, h("li", { class: "quiet" }, error.message));
    }
  }

  draw();
  return { element, update: (what) => ["all", "status"].includes(what) && draw() };
}

function number(word, figure, below) {
  return h(
    "div",
    { class: "figure" },
    h("p", { class: "figure-word" }, word),
    h("p", { class: "figure-text" }, figure),
    h("p", { class: "quiet" }, below),
  );
}

function card(title, content) {
  return h("section", { class: "card" }, h("h2", {}, title), content);
}

function fact(word, content) {
  return h("div", {}, h("dt", {}, word), h("dd", {}, content));
}

function webhooks(list) {
  if (!Array.isArray(list) || list.length === 0) return null;
  return fact(
    "Webhooks",
    list.map((one) => (typeof one === "string" ? one : `${one.url ?? one.name ?? ""} ${one.state ?? ""}`)).join(", "),
  );
}

function alertLine(alert) {
  const sign = { above: ">", below: "<" }[alert.direction] ?? "past";
  return h(
    "li",
    {},
    h("span", { class: "dot gone", "aria-hidden": "true" }),
    h("b", {}, alert.name),
    ` ${alert.figure}: ${alert.value} ${sign} ${alert.threshold}`,
    alert.since && [", since ", time(alert.since)],
    alert.path && [" ", h("a", { href: `#/values/${encodeURIComponent(alert.path)}` }, "the limit")],
  );
}

// Work that takes long: what it is, and since when.
function work(one) {
  return h(
    "p",
    { class: "work" },
    h("span", {}, one.what, ", began ", time(one.since)),
    h("progress", { "aria-label": one.what, max: 1 }),
  );
}

function storeWord(store) {
  return typeof store === "string" ? store : (store.kind ?? store.name ?? "");
}

function seconds(since) {
  return since ? (Date.now() - new Date(since).getTime()) / 1000 : null;
}
