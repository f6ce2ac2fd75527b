// Server-sent events by a streaming fetch: `EventSource` cannot send the token in a header, and a token in the address
// would end up in logs.

import { MOUNT } from "./api.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15000;
// The server says something every 15 seconds. Where nothing came for three times as long, the connection is dead.
const SILENCE = 45000;

// Follows the events until `stop`. `heard` gets every event, `state` gets "open" and "gone" (with the wait in
// milliseconds), `refused` gets the status where the server refuses us for good.
export class Stream {
  #api;
  #on;
  #last = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #abort = null;
  #stopped = false;

  constructor(api, on) {
    this.#api = api;
    this.#on = on;
  }

  start() {
    this.#connect();
    return this;
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  // Tries at once instead of waiting.
  retry() {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#connect();
  }

  async #connect() {
    this.#timer = null;
    const abort = new AbortController();
    this.#abort = abort;
    let watchdog = setTimeout(() => abort.abort(), SILENCE);
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE);
    };
    try {
      const headers = this.#api.headers({ accept: "text/event-stream" });
      if (this.#last !== null) headers["last-event-id"] = this.#last;
      const response = await fetch(`${MOUNT}/events`, { headers, signal: abort.signal, cache: "no-store" });
      if ([401, 403].includes(response.status)) {
        this.stop();
        this.#on.refused(response.status);
        return;
      }
      if (response.ok) {
        this.#wait = FIRST_WAIT;
        this.#on.state("open");
        await this.#read(response.body, alive);
      }
    } catch {
      // Broken, refused or silent: all the same, it is tried again.
    } finally {
      clearTimeout(watchdog);
    }
    this.#later();
  }

  #later() {
    if (this.#stopped) return;
    // A part of the wait is chance, so that many consoles do not come back at the same moment.
    const wait = this.#wait * (0.75 + Math.random() / 2);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#on.state("gone", wait);
  }

  async #read(body, alive) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      alive();
      rest += value;
      // A carriage return at the end may be half of a line's end: it waits for the next piece.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) this.#line(line);
    }
  }

  #event = { event: "message", data: [] };

  #line(line) {
    if (line === "") {
      const { event, data, id } = this.#event;
      this.#event = { event: "message", data: [] };
      if (id !== undefined) this.#last = id;
      if (data.length > 0) this.#on.heard(event, parsed(data.join("\n")));
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#event.data.push(text);
    else if (name === "event") this.#event.event = text;
    else if (name === "id" && !text.includes("\0")) this.#event.id = text;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}
