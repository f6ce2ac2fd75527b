// Talks to the interface. Every answer that is no success becomes a `Problem`; a server that does not answer is `Gone`.

export const MOUNT = new URL("api/v1", document.baseURI).href;

// What the server refused: an RFC 9457 document.
export class Problem extends Error {
  constructor(status, document) {
    super(document.detail || document.title || `The server answered ${status}`);
    this.status = status;
    this.document = document;
    this.errors = document.errors ?? [];
    this.warnings = document.warnings ?? [];
  }

  // `stale`, `invalid`, `forbidden`, …
  get kind() {
    return String(this.document.type ?? "")
      .split(":")
      .pop();
  }
}

// The server could not be reached.
export class Gone extends Error {
  constructor() {
    super("The server does not answer");
  }
}

export class Api {
  #token;

  constructor(token) {
    this.#token = token;
  }

  headers(more = {}) {
    return { authorization: `Bearer ${this.#token}`, "x-strata-client": "console", ...more };
  }

  // Sends a request and gives the response as it is.
  async raw(method, path, { query = {}, body, headers = {}, signal } = {}) {
    const url = new URL(MOUNT + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, value);
    }
    const typed =
      body === undefined || headers["content-type"] ? headers : { "content-type": "application/json", ...headers };
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    let response;
    try {
      response = await fetch(url, { method, headers: this.headers(typed), body: text, signal, cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Gone();
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  // Sends a request and reads its answer as JSON; `etag` says which configuration it tells of.
  async call(method, path, options) {
    const response = await this.raw(method, path, options);
    const data = await response.json();
    return { data, etag: response.headers.get("etag") };
  }

  async get(path, query, signal) {
    return (await this.call("GET", path, { query, signal })).data;
  }

  // A change: on the condition of an ETag, tried only where `dry` says so, once also where it is sent again.
  async change(method, path, { body, etag, dry = false, reason, headers = {} } = {}) {
    const more = { ...headers };
    if (etag) more["if-match"] = etag;
    if (!dry) more["idempotency-key"] = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
    const query = { dry_run: dry ? "true" : undefined, reason };
    return (await this.call(method, path, { query, body, headers: more })).data;
  }

  // Everything of a paged list.
  async all(path, member, query = {}) {
    const items = [];
    let cursor;
    let first;
    do {
      const { data, etag } = await this.call("GET", path, { query: { limit: 1000, ...query, cursor } });
      // The configuration changed between two pages: what was read does not belong together.
      if (first !== undefined && first !== etag) return this.all(path, member, query);
      first = etag;
      items.push(...(data[member] ?? []));
      cursor = data.next;
    } while (cursor);
    return { items, etag: first };
  }
}

async function problemOf(response) {
  let document = {};
  try {
    document = await response.json();
  } catch {
    // A proxy between us answered: the status has to do.
  }
  return new Problem(response.status, document ?? {});
}
