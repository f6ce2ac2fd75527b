// Schemas as trees that open on demand, and an example of each.
import { element, prose, resolve } from "./docs.js";

const nameOf = (schema) => schema?.$ref?.split("/").at(-1);

/** A schema's kind in a few words. */
function kindOf(api, schema) {
  if (!schema || schema === true) return "anything";
  if (schema.$ref) return nameOf(schema);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((choice) => JSON.stringify(choice)).join(" | ");
  const ways = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (ways) return [...new Set(ways.map((way) => kindOf(api, way)))].join(schema.allOf ? " & " : " | ");
  if (schema.type === "array" || schema.items) return `list of ${kindOf(api, schema.items)}`;
  return [schema.type ?? "anything"].flat().join(" | ");
}

function limitsOf(schema) {
  const limits = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "format", "default"];
  return limits.filter((name) => schema[name] !== undefined).map((name) => `${name} ${JSON.stringify(schema[name])}`).join(", ");
}

/** What there is to open within a schema. */
function within(api, schema) {
  const whole = resolve(api, schema) ?? {};
  const parts = Object.entries(whole.properties ?? {}).map(([name, inner]) => ({ name, inner, needed: whole.required?.includes(name) }));
  if (whole.items && resolve(api, whole.items)?.properties) parts.push(...within(api, whole.items));
  for (const way of whole.anyOf ?? whole.oneOf ?? whole.allOf ?? []) {
    if (way.$ref || way.properties) parts.push(...within(api, way));
  }
  if (typeof whole.additionalProperties === "object" && Object.keys(whole.additionalProperties).length) {
    parts.push({ name: "<any name>", inner: whole.additionalProperties });
  }
  return parts;
}

function row(api, { name, inner, needed }) {
  const whole = resolve(api, inner) ?? {};
  const about = [inner?.description ?? whole.description ?? "", limitsOf(whole)].filter(Boolean).join(" ");
  const head = [element("code", {}, name), ` ${kindOf(api, inner)}${needed ? ", required" : ""} `, element("span", { class: "quiet" }, prose(about))];
  if (!within(api, inner).length) return element("div", { class: "leaf" }, head);
  const made = element("details", {}, element("summary", {}, head));
  // References may lead back, so what is inside is made when it is opened.
  made.addEventListener("toggle", () => {
    if (made.open && made.children.length === 1) made.append(...within(api, inner).map((part) => row(api, part)));
  });
  return made;
}

/** A schema as a tree. */
export function schemaOf(api, schema) {
  const parts = within(api, schema);
  return element("div", { class: "schema" }, element("div", { class: "quiet" }, kindOf(api, schema)), parts.map((part) => row(api, part)));
}

/** A small example of a body: what is required, and no more. */
export function exampleOf(api, body) {
  const content = Object.values(body?.content ?? {})[0];
  if (!content) return undefined;
  if (content.example !== undefined) return content.example;
  const make = (schema, depth) => {
    const whole = resolve(api, schema) ?? {};
    if (whole.example !== undefined) return whole.example;
    if (whole.default !== undefined) return whole.default;
    if (whole.const !== undefined) return whole.const;
    if (whole.enum) return whole.enum[0];
    const way = (whole.anyOf ?? whole.oneOf ?? [])[0];
    if (way) return make(way, depth);
    switch ([whole.type].flat()[0]) {
      case "array": return depth > 3 ? [] : [make(whole.items, depth + 1)];
      case "integer": case "number": return whole.minimum ?? 0;
      case "boolean": return false;
      case "string": return "";
      default: break;
    }
    const needed = Object.entries(whole.properties ?? {}).filter(([name]) => whole.required?.includes(name));
    return depth > 3 ? {} : Object.fromEntries(needed.map(([name, inner]) => [name, make(inner, depth + 1)]));
  };
  return make(content.schema, 0);
}
