// Paths of settings, as the server writes them: `db.pool_size`, `hosts."a.b"`.

// The segments of a path.
export function segments(path) {
  const found = [];
  const pattern = /"((?:[^"\\]|\\.)*)"|([^."]+)/g;
  for (const [, quoted, plain] of path.matchAll(pattern)) {
    found.push(quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1"));
  }
  return found;
}

// Whether one path is the other, or below it.
export function isBelow(path, above) {
  return path === above || path.startsWith(`${above}.`);
}

// A merge patch that sets these paths: `[["db.pool_size", 4]]` gives `{"db": {"pool_size": 4}}`.
export function patchOf(edits) {
  const patch = Object.create(null);
  for (const [path, value] of edits) {
    const names = segments(path);
    const last = names.pop();
    let place = patch;
    for (const name of names) {
      if (!Object.hasOwn(place, name)) place[name] = Object.create(null);
      place = place[name];
    }
    place[last] = value;
  }
  return patch;
}

// A value by its path in a plain object; undefined where there is none.
export function valueAt(object, path) {
  let place = object;
  for (const name of segments(path)) {
    if (place === null || typeof place !== "object" || !Object.hasOwn(place, name)) return undefined;
    place = place[name];
  }
  return place;
}

// Values side by side, as a tree of sections: each node has `name`, `path`, `children` (sections) or `value` (leaves).
export function treeOf(values) {
  const root = { name: "", path: "", children: [] };
  const sections = new Map([["", root]]);
  for (const value of values) {
    const names = segments(value.path);
    let above = root;
    let path = "";
    names.slice(0, -1).forEach((name) => {
      path = path ? `${path}.${name}` : name;
      let section = sections.get(path);
      if (!section) {
        section = { name, path, children: [] };
        sections.set(path, section);
        above.children.push(section);
      }
      above = section;
    });
    above.children.push({ name: names.at(-1) ?? value.path, path: value.path, value });
  }
  return root;
}
