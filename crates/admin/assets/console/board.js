// The board: what it is, the profile that counts, what that changed, and the memory that the configuration needs.

import { bar } from "./controls.js";
import { changes } from "./diff.js";
import { h } from "./dom.js";
import { size } from "./format.js";

const CHOSEN = { auto: "the board's own", option: "by its name", none: "as asked for" };

const CONDITIONS = {
  under_voltage: "under-voltage",
  frequency_capped: "frequency capped",
  throttled: "throttled",
  soft_temperature_limit: "warm",
};

// The card of the overview; nothing where neither a profile nor a board is known.
export function boardCard(profile) {
  if (!profile) return null;
  const { board } = profile;
  return h(
    "section",
    { class: "card board" },
    h("h2", {}, "Board and memory"),
    budget(profile.budget),
    h(
      "dl",
      { class: "facts-list" },
      fact("Profile", [profile.name ?? "none", " ", h("span", { class: "quiet" }, CHOSEN[profile.chosen_by] ?? "")]),
      profile.memory &&
        fact("Its memory", `${size(profile.memory.ceiling)} for the program, ${size(profile.memory.system)} for the system`),
      board && machine(board),
    ),
    board?.faults?.length > 0 &&
      h(
        "ul",
        { class: "reasons" },
        board.faults.map((fault) => h("li", {}, `${fault.file}: ${fault.why}`)),
      ),
    profile.changed.length > 0 && [h("h3", {}, "What the profile changed"), changes(profile.changed.map(sides))],
  );
}

function sides({ path, from, to }) {
  return { path, old: from, new: to };
}

// What the configuration needs of what there is, and what needs most.
function budget({ need, ceiling, fits, shares }) {
  if (shares.length === 0) return null;
  const of = ceiling === null ? "" : ` of ${size(ceiling)}`;
  return h(
    "div",
    { class: "budget" },
    h(
      "p",
      { class: fits ? "" : "bad" },
      h("b", {}, size(need)),
      `${of} needed by the configuration${fits ? "" : ": too much"}`,
    ),
    ceiling !== null && bar(ceiling > 0 ? need / ceiling : 1, { tone: fits ? "accent" : "warn" }),
    h(
      "ul",
      { class: "source-bars" },
      shares.slice(0, 5).map((share) =>
        h(
          "li",
          {},
          h("a", { class: "wrap", href: `#/values/${encodeURIComponent(share.path)}` }, share.path),
          h("span", { class: "bar-place" }, bar(need > 0 ? share.need / need : 0, { tone: "layered" })),
          h("span", { class: "amount" }, size(share.need)),
        ),
      ),
    ),
  );
}

function machine(board) {
  const { memory, cgroup, cpu } = board;
  const cores = cpu.cores === null ? null : `${cpu.cores} ${cpu.cores === 1 ? "core" : "cores"}`;
  return [
    board.model && fact("Board", board.model),
    (cpu.name || cores) && fact("Processor", [cpu.name, cores].filter(Boolean).join(", ")),
    memory.total !== null &&
      fact("Memory", `${size(memory.total)}${memory.available === null ? "" : `, ${size(memory.available)} available`}`),
    cgroup &&
      cgroup.limit !== null &&
      fact("Control group", `at most ${size(cgroup.limit)}${cgroup.used === null ? "" : `, ${size(cgroup.used)} used`}`),
    board.temperature_c !== null && fact("Temperature", `${board.temperature_c.toFixed(1)} °C`),
    board.throttled && fact("Throttled", throttled(board.throttled)),
  ];
}

function throttled(conditions) {
  const said = Object.entries(CONDITIONS).flatMap(([key, word]) => {
    if (conditions[key].now) return [`${word} now`];
    return conditions[key].since_boot ? [`${word} since the start`] : [];
  });
  return said.length > 0 ? said.join("; ") : "no, and not since the start";
}

function fact(word, content) {
  return h("div", {}, h("dt", {}, word), h("dd", {}, content));
}
