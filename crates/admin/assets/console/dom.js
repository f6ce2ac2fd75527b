// Makes elements. Text from the server only ever becomes text nodes: nothing in the console parses HTML.

const SVG = "http://www.w3.org/2000/svg";

// An element: `h("button", { class: "plain", onclick: save }, "Save")`. Attributes that are null or false are left out;
// `css` sets custom properties through the CSSOM, which a strict content security policy allows.
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

// The same for a drawing.
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "css") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === "value" || name === "checked" || name === "indeterminate") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

// Puts children at the end: nodes, texts, lists of them; nothing for null and false.
export function add(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

// Replaces what is inside.
export function put(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

// Replaces what is inside, but only where what it is made of differs from last time. The focus stays where it was, as
// far as there still is such a thing.
export function redraw(element, data, draw) {
  const text = JSON.stringify(data);
  if (drawn.get(element) === text) return;
  drawn.set(element, text);
  const name = (one) => `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent}`;
  const focused = element.contains(document.activeElement) ? name(document.activeElement) : null;
  put(element, draw());
  if (focused === null) return;
  const again = [...element.querySelectorAll("a, button, input, select, summary")].find((one) => name(one) === focused);
  (again ?? document.getElementById("main"))?.focus({ preventScroll: true });
}

const drawn = new WeakMap();

let count = 0;

// A name that no other element has, for `for`, `aria-describedby` and the like.
export function unique(word) {
  count += 1;
  return `${word}-${count}`;
}

// A small drawing by its name, hidden from screen readers: a text always stands beside it.
export function icon(name) {
  const paths = (ICONS[name] ?? []).map((d) => svg("path", { d }));
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, paths);
}

const ICONS = {
  overview: ["M2 9.5h3l1.5-5 3 8 1.5-3h3"],
  values: ["M2.5 4h6M2.5 8h11M2.5 12h8", "M11 2.5v3M5 6.5v3M13 10.5v3"],
  flags: ["M3.5 14V2.5", "M3.5 3h8.5l-2 2.8 2 2.7H3.5"],
  history: ["M2.5 8a5.5 5.5 0 1 0 1.7-4", "M2.5 2.5v2.7h2.7", "M8 5v3.2l2.2 1.3"],
  snapshots: ["M2.5 5h2.7l1-1.5h3.6l1 1.5h2.7v7.5h-11z", "M8 6.7a2 2 0 1 1 0 4 2 2 0 0 1 0-4"],
  presets: ["M2.5 3h4.5v4.5H2.5zM9 3h4.5v4.5H9zM2.5 9.5h4.5V13H2.5zM9 9.5h4.5V13H9z"],
  experiments: ["M6.5 2.5v4L3 12.5c-.4.7 0 1.3.700 1.3h8.6c.7 0 1.1-.6.700-1.3l-3.5-6v-4", "M5.5 2.5h5M4.7 10h6.6"],
  transfer: ["M5 13V3M2.5 5.5 5 3l2.5 2.5", "M11 3v10M8.5 10.5 11 13l2.5-2.5"],
  events: [
    "M3.2 12.8a6.8 6.8 0 0 1 0-9.6M12.8 3.2a6.8 6.8 0 0 1 0 9.6",
    "M5.6 10.4a3.4 3.4 0 0 1 0-4.8M10.4 5.6a3.4 3.4 0 0 1 0 4.8",
    "M8 7.9v.2",
  ],
  light: [
    "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6",
    "M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  ],
  dark: ["M13 9.7A5.5 5.5 0 0 1 6.3 3a5.5 5.5 0 1 0 6.7 6.7"],
  menu: ["M2.5 4.5h11M2.5 8h11M2.5 11.5h11"],
  leave: ["M6.5 2.5h-4v11h4M10 5l3 3-3 3M13 8H6"],
  lock: ["M4 7.5h8v6H4zM5.7 7.5v-2a2.3 2.3 0 0 1 4.6 0v2"],
  chevron: ["M6 4l4 4-4 4"],
  back: ["M10 3.5 5.5 8l4.5 4.5"],
  warn: ["M8 2.5 1.8 13.2h12.4z", "M8 6.5v3M8 11.2v.2"],
};
