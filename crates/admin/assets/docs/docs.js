// The page that explains the interface, made from `openapi.json`: texts are only ever set as texts.
import { schemaOf, exampleOf } from "./schema.js";
import { tryIt } from "./try.js";

const METHODS = ["get", "put", "post", "patch", "delete"];
const BESIDE = "beside the mounts";

/** An element with attributes and children; texts become text nodes. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return made;
}

/** A text in which `words` between backticks are code. */
export function prose(text = "") {
  return text.split(/`([^`]+)`/).map((part, number) => (number % 2 ? element("code", {}, part) : part));
}

/** Where a reference leads. */
export function resolve(api, value) {
  for (let steps = 0; value && value.$ref && steps < 20; steps += 1) {
    const path = value.$ref.replace(/^#\//, "").split("/");
    value = path.reduce((at, key) => at?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], api);
  }
  return value;
}

const byId = (id) => document.getElementById(id);

function operations(api) {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, said: item[method] })),
  );
}

/** The prefixes that many operations share: what ends with `/config` stands below a mount. */
function mounts(api) {
  return Object.keys(api.paths).filter((path) => path.endsWith("/config")).map((path) => path.slice(0, -7));
}

function mountOf(path, prefixes) {
  const above = prefixes.filter((prefix) => path.startsWith(`${prefix}/`));
  return above.sort((one, other) => other.length - one.length)[0] ?? BESIDE;
}

function parameters(api, said) {
  return (said.parameters ?? []).map((parameter) => resolve(api, parameter));
}

function table(caption, heads, rows) {
  return element("div", { class: "table", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {},
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, cell)))))));
}

function details(api, { path, method, said }) {
  const parts = [element("p", {}, prose(said.description ?? ""))];
  const scopes = (said.security ?? []).map((way) => Object.values(way)[0]?.[0]).filter(Boolean);
  parts.push(element("p", { class: "quiet" }, scopes.length
    ? `Needs a token with the scope ${scopes.join(" or ")}.`
    : "Needs no token."));
  const named = parameters(api, said);
  if (named.length) {
    parts.push(element("h3", {}, "Parameters"), table(`Parameters of ${method} ${path}`, ["Name", "In", "Meaning"],
      named.map((parameter) => [
        element("code", {}, parameter.name), parameter.required ? `${parameter.in}, required` : parameter.in,
        prose(parameter.description ?? ""),
      ])));
  }
  const body = resolve(api, said.requestBody);
  for (const [kind, content] of Object.entries(body?.content ?? {})) {
    parts.push(element("h3", {}, "Body ", element("span", { class: "quiet" }, kind)), schemaOf(api, content.schema));
  }
  parts.push(element("h3", {}, "Answers"));
  for (const [status, reference] of Object.entries(said.responses ?? {})) {
    const response = resolve(api, reference);
    const content = Object.values(response.content ?? {})[0];
    parts.push(element("div", { class: "schema" }, element("p", {}, element("strong", {}, status), " ", prose(response.description)),
      content?.schema && !reference.$ref ? schemaOf(api, content.schema) : undefined));
  }
  parts.push(tryIt(api, { path, method, said, named, body, example: exampleOf(api, body) }, () => byId("token").value));
  return element("div", {}, parts);
}

function show(api, operation) {
  const { path, method, said } = operation;
  const made = element("details", { class: "operation", id: said.operationId },
    element("summary", {}, element("span", { class: `method ${method}` }, method.toUpperCase()),
      element("span", { class: "path" }, path), element("span", { class: "quiet" }, prose(said.summary ?? ""))));
  // Most operations are never opened.
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(details(api, operation));
  });
  return made;
}

function draw(api) {
  const prefixes = mounts(api);
  const all = operations(api);
  const choice = byId("mount");
  choice.append(...prefixes.map((prefix) => element("option", { value: prefix }, prefix)), element("option", { value: "" }, "all"));
  choice.value = prefixes.includes("/api/v1") ? "/api/v1" : "";
  const sections = (api.tags ?? []).map((tag) => {
    const own = all.filter(({ said }) => said.tags?.[0] === tag.name).map((operation) => ({ ...operation, shown: show(api, operation) }));
    const section = element("section", { "aria-labelledby": `group-${tag.name}` }, element("h2", { id: `group-${tag.name}` }, tag.name),
      element("p", { class: "quiet" }, prose(tag.description ?? "")), own.map(({ shown }) => shown));
    const link = element("a", { href: `#group-${tag.name}` }, tag.name);
    return { section, link, own };
  });
  byId("groups").append(...sections.map(({ link }) => link));
  byId("operations").append(...sections.map(({ section }) => section));
  const narrow = () => {
    const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { section, link, own } of sections) {
      let any = false;
      for (const { path, method, said, shown } of own) {
        const mount = mountOf(path, prefixes);
        const text = `${method} ${path} ${said.summary} ${said.description ?? ""} ${said.tags}`.toLowerCase();
        const fits = (!choice.value || mount === choice.value || mount === BESIDE) && words.every((word) => text.includes(word));
        shown.hidden = !fits;
        any ||= fits;
        count += fits;
      }
      section.hidden = link.hidden = !any;
    }
    byId("state").textContent = `${count} operations`;
  };
  byId("filter").addEventListener("input", narrow);
  choice.addEventListener("change", narrow);
  narrow();
  const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
  if (target) {
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  }
}

byId("tools").addEventListener("submit", (event) => event.preventDefault());
byId("theme").addEventListener("change", (event) => { document.documentElement.dataset.theme = event.target.value; });
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    byId("filter").focus();
  }
});

try {
  const answer = await fetch("openapi.json");
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  const api = await answer.json();
  document.title = byId("title").textContent = api.info.title;
  byId("about").append(...prose(api.info.description ?? ""));
  draw(api);
} catch (error) {
  byId("state").textContent = `The description can't be read: ${error.message}`;
} finally {
  byId("operations").removeAttribute("aria-busy");
}
