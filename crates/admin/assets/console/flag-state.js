// How a flag stands, in a word.

import { h } from "./dom.js";

export function status(word) {
  return h("span", { class: `tag ${word === "enabled" ? "good" : "off"}` }, word);
}

// A flag may be enabled and yet plainly `false`: for whoever looks, it is off.
export function stateOf(flag) {
  return flag.status === "enabled" && flag.enabled === false ? "off" : flag.status;
}

// The signs that it has outlived its use.
export function isStale(flag) {
  return Array.isArray(flag.stale) ? flag.stale.length > 0 : Boolean(flag.stale);
}

export function guardState(flag) {
  return typeof flag.guard === "string" ? flag.guard : (flag.guard?.state ?? "closed");
}
