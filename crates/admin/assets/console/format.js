// Values, moments and shares in words.

const DOTS = "••••••••";

// Whether a value is one that the server keeps to itself.
export function isSecret(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) && value.$secret === true;
}

// A value on one line.
export function short(value, longest = 80) {
  const text = whole(value, 0);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

// A value in full.
export function whole(value, indent = 2) {
  if (value === undefined) return "not set";
  if (isSecret(value)) return DOTS;
  if (typeof value === "string") return value === "" ? '""' : value;
  const masked = (_, inner) => (isSecret(inner) ? DOTS : inner);
  return JSON.stringify(value, masked, indent);
}

// Whether two values from the server are the same.
export function same(one, other) {
  return canonical(one) === canonical(other);
}

function canonical(value) {
  return JSON.stringify(value, (_, inner) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
];

// How long ago a moment was, or how soon it will be.
export function ago(moment, now = Date.now()) {
  let amount = (new Date(moment).getTime() - now) / 1000;
  if (Number.isNaN(amount)) return String(moment);
  if (Math.abs(amount) < 5) return "just now";
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) return relative.format(Math.round(amount), unit);
    amount /= size;
  }
  return String(moment);
}

// A moment to the second, in the reader's own time.
export function moment(text) {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return String(text);
  return at.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

// Seconds in the two largest units: `3 h 20 min`.
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "unknown";
  const units = [
    ["d", 86400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ];
  const parts = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [name, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${amount} ${name}`);
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}

// A share with three digits at most, as many as it needs.
export function percent(value) {
  if (value === null || value === undefined) return "—";
  return `${Number(Number(value).toFixed(3))} %`;
}

// A number of bytes, in MiB with a tenth where it is that large.
export function size(bytes) {
  const mebi = bytes / (1 << 20);
  if (mebi >= 1) return `${Number(mebi.toFixed(1)).toLocaleString("en")} MiB`;
  return `${Number((bytes / 1024).toFixed(1))} KiB`;
}

export function count(number, one, many = `${one}s`) {
  return `${Number(number).toLocaleString("en")} ${number === 1 ? one : many}`;
}
