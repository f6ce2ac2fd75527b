// Sends a request as its form says, and shows what came back. The token stays in the page.
import { element } from "./docs.js";

const MOST = 200_000;

function fieldOf(parameter, id) {
  const schema = parameter.schema ?? {};
  const input = schema.type === "boolean"
    ? element("select", { id }, ["", "true", "false"].map((value) => element("option", { value }, value)))
    : element("input", { id, autocomplete: "off", spellcheck: "false", required: parameter.required && parameter.in === "path" });
  return { parameter, input };
}

function addressOf(path, fields) {
  const query = new URLSearchParams();
  let address = path;
  for (const { parameter, input } of fields) {
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    if (parameter.in === "query" && input.value !== "") query.append(parameter.name, input.value);
  }
  // The page may stand below another program's prefix.
  return `.${address}${query.size ? `?${query}` : ""}`;
}

function pretty(text, kind) {
  if (!kind?.includes("json")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The text of an answer; of a stream without an end, its beginning. */
async function textOf(answer, stop) {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const timer = setTimeout(stop, 5000);
  try {
    for (let part = await reader?.read(); part && !part.done && text.length < MOST; part = await reader.read()) text += part.value;
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    text += "\n… (stopped after five seconds)";
  } finally {
    clearTimeout(timer);
    stop();
  }
  return text;
}

/** A form for one operation. */
export function tryIt(api, { path, method, said, named, body, example }, token) {
  const fields = named.map((parameter, number) => fieldOf(parameter, `${said.operationId}-${number}`));
  const kinds = Object.keys(body?.content ?? {});
  const text = element("textarea", { spellcheck: "false" });
  text.value = example === undefined ? "" : JSON.stringify(example, null, 2);
  const kind = element("select", {}, kinds.map((name) => element("option", { value: name }, name)));
  const out = element("pre", { tabindex: "0", "aria-label": "Answer", hidden: true });
  const state = element("p", { role: "status" });
  const form = element("form", { class: "try", "aria-label": `Try ${method.toUpperCase()} ${path}` },
    element("h3", {}, "Try it"),
    element("div", { class: "fields" }, fields.map(({ parameter, input }) => element("label", {}, parameter.name, input))),
    kinds.length ? [element("label", {}, "Body", text), element("label", {}, "Kind of body", kind)] : undefined,
    element("div", {}, element("button", {}, method === "get" ? "Send" : `Send ${method.toUpperCase()}`)), state, out);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const headers = {};
    if (token()) headers.Authorization = `Bearer ${token()}`;
    for (const { parameter, input } of fields) if (parameter.in === "header" && input.value !== "") headers[parameter.name] = input.value;
    const sends = kinds.length > 0 && text.value.trim() !== "";
    if (sends) headers["Content-Type"] = kind.value;
    state.textContent = "Waiting…";
    out.hidden = true;
    const abort = new AbortController();
    try {
      const begun = performance.now();
      const answer = await fetch(addressOf(path, fields), {
        method: method.toUpperCase(), headers, body: sends ? text.value : undefined, signal: abort.signal, cache: "no-store",
      });
      state.textContent = `${answer.status} ${answer.statusText} after ${Math.round(performance.now() - begun)} ms`;
      const said = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      const content = await textOf(answer, () => abort.abort());
      out.textContent = `${said}\n\n${pretty(content, answer.headers.get("content-type"))}`;
      out.hidden = false;
    } catch (error) {
      state.textContent = `Nothing came back: ${error.message}`;
    }
  });
  return form;
}
