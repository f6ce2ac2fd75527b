// What the console knows of the running system: status and values, kept fresh by the events.

import { Gone, Problem } from "./api.js";
import { Stream } from "./stream.js";

const KEPT_EVENTS = 500;
// Events often come in groups: one reading serves them all.
const GATHER = 40;
// Ages, counts and work under way change without events.
const LOOK = 15000;

// Tells of changes by events of its own: `change` (with what: "all", "flags", "status" or "log"), `connection` and
// `refused`.
export class Site extends EventTarget {
  api;
  status = {};
  values = new Map();
  etag = null;
  connection = "connecting";
  log = [];
  #stream = null;
  #timer = null;
  #look = null;
  #reading = null;
  #again = false;

  constructor(api) {
    super();
    this.api = api;
  }

  // Reads everything once, then follows the events.
  async open() {
    await this.#readAll();
    this.#stream = new Stream(this.api, {
      heard: (kind, data) => this.#heard(kind, data),
      state: (state, wait) => this.#connected(state, wait),
      refused: (status) => this.#tell("refused", status),
    }).start();
    this.#look = setInterval(() => {
      const seen = document.visibilityState === "visible" && this.connection === "open";
      if (seen) this.refreshStatus().catch(() => {});
    }, LOOK);
  }

  close() {
    this.#stream?.stop();
    clearInterval(this.#look);
    clearTimeout(this.#timer);
  }

  retry() {
    this.#stream?.retry();
  }

  may(scope) {
    const scopes = this.status.caller?.scopes;
    return !Array.isArray(scopes) || scopes.includes(scope) || scopes.includes("admin");
  }

  // Reads everything again; calls that come meanwhile share one further reading.
  async refresh() {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readAll();
    try {
      await this.#reading;
    } finally {
      this.#reading = null;
    }
    if (this.#again) {
      this.#again = false;
      await this.refresh();
    }
    this.#tell("change", "all");
  }

  async refreshStatus() {
    this.status = await this.api.get("/status");
    this.#tell("change", "status");
  }

  async #readAll() {
    const [status, { items, etag }] = await Promise.all([this.api.get("/status"), this.api.all("/values", "values")]);
    this.status = status;
    this.values = new Map(items.map((value) => [value.path, value]));
    this.etag = etag;
  }

  #connected(state, wait) {
    const before = this.connection;
    this.connection = state;
    this.#tell("connection", { state, before, wait });
    // What happened while we were away may have been more than the server still remembers.
    if (state === "open" && before !== "open") this.#soon("refresh");
  }

  #heard(kind, data) {
    this.log.unshift({ kind, data, at: data.at ?? new Date().toISOString() });
    this.log.length = Math.min(this.log.length, KEPT_EVENTS);
    this.#tell("change", "log");
    if (kind === "flags") this.#tell("change", "flags");
    if (kind !== "shutdown") this.#soon(kind === "alert" || kind === "flags" ? "status" : "refresh");
  }

  #wanted = "status";

  #soon(what) {
    if (what === "refresh") this.#wanted = "refresh";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const refresh = this.#wanted === "refresh";
      this.#wanted = "status";
      try {
        await (refresh ? this.refresh() : this.refreshStatus());
      } catch (error) {
        if (error instanceof Problem && error.status === 401) this.#tell("refused", 401);
        else if (!(error instanceof Gone || error instanceof Problem)) throw error;
        // Gone: the stream notices it as well, and reads everything anew when the server is back.
      }
    }, GATHER);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
