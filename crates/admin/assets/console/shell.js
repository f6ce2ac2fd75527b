// The frame around the pages: navigation, the state of the connection, the theme, and the bar of gathered edits.

import { announce } from "./dialogs.js";
import { h, icon, put } from "./dom.js";
import { ago, count, duration } from "./format.js";
import { PAGES } from "./pages.js";
import { review } from "./review.js";
import { themeButton } from "./theme-button.js";

export class Shell {
  #site;
  #draft;
  #leave;
  #page = null;
  #key = null;
  #clock = null;
  #quit = new AbortController();
  #parts = {};

  constructor(site, draft, { leave }) {
    this.#site = site;
    this.#draft = draft;
    this.#leave = leave;
  }

  open(place) {
    const parts = this.#parts;
    parts.links = new Map();
    parts.banner = h("div", { class: "banner", role: "status", hidden: true });
    parts.link = h("span", { class: "link-state" });
    parts.facts = h("span", { class: "facts" });
    parts.main = h("main", { id: "main", tabindex: "-1" });
    parts.drafts = h("section", { class: "draft-bar", "aria-label": "Edits that are not saved", hidden: true });
    const menu = h(
      "button",
      {
        class: "icon-button menu",
        type: "button",
        "aria-expanded": "false",
        "aria-controls": "nav",
        "aria-label": "Menu",
        onclick: () => this.#menu(menu.getAttribute("aria-expanded") !== "true"),
      },
      icon("menu"),
    );
    parts.menu = menu;
    parts.nav = h(
      "nav",
      { id: "nav", class: "nav", "aria-label": "Pages" },
      h(
        "ul",
        {},
        [...PAGES].map((page) => this.#link(page)),
      ),
    );
    put(
      place,
      h(
        "div",
        { class: "shell" },
        h(
          "header",
          { class: "top" },
          menu,
          h(
            "a",
            { class: "brand", href: "#/overview" },
            h("img", { src: "console/mark.svg", alt: "", width: 24, height: 24 }),
            h("span", {}, "Strata"),
          ),
          h("span", { class: "system", title: this.#site.status.name }, this.#site.status.name),
          parts.facts,
          h("span", { class: "space" }),
          parts.link,
          themeButton(this.#quit.signal),
          h(
            "button",
            {
              class: "icon-button",
              type: "button",
              "aria-label": "Leave: forget the token",
              title: "Leave",
              onclick: this.#leave,
            },
            icon("leave"),
          ),
        ),
        parts.nav,
        h("div", { class: "content" }, parts.banner, parts.main),
        parts.drafts,
      ),
    );
    const { signal } = this.#quit;
    addEventListener("hashchange", () => this.#show(true), { signal });
    // Edits that are not saved are not lost without a question.
    addEventListener("beforeunload", (event) => this.#draft.size > 0 && event.preventDefault(), { signal });
    this.#site.addEventListener("change", ({ detail }) => this.#changed(detail), { signal });
    this.#site.addEventListener("connection", ({ detail }) => this.#connected(detail), { signal });
    this.#draft.addEventListener("change", () => this.#drafts(), { signal });
    this.#draft.addEventListener("validated", () => this.#drafts(), { signal });
    this.#clock = setInterval(() => this.#tick(), 10000);
    this.#facts();
    this.#connected({ state: this.#site.connection, before: this.#site.connection });
    this.#show(false);
  }

  close() {
    this.#quit.abort();
    clearInterval(this.#clock);
    this.#page?.close?.();
    this.#site.close();
  }

  // What says how long ago something was goes on being true.
  #tick() {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const text = ago(time.dateTime);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  #link(page) {
    const link = h(
      "a",
      { href: `#/${page.name}`, onclick: () => this.#menu(false) },
      icon(page.name),
      h("span", {}, page.title),
    );
    this.#parts.links.set(page.name, link);
    return h("li", {}, link);
  }

  #menu(open) {
    this.#parts.menu.setAttribute("aria-expanded", String(open));
    this.#parts.nav.classList.toggle("open", open);
  }

  // Shows the page of the address: `#/values/db.pool_size` is the page `values` with one argument.
  #show(moved) {
    const [, name = "", rest = ""] = /^#\/([a-z]*)\/?(.*)$/.exec(location.hash) ?? [];
    const page = PAGES.find((one) => one.name === name) ?? PAGES[0];
    const argument = decode(rest);
    if (this.#key === page.name && this.#page?.turn) {
      this.#page.turn(argument);
      return;
    }
    this.#page?.close?.();
    this.#key = page.name;
    for (const [key, link] of this.#parts.links) {
      if (key === page.name) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = `${page.title} · ${this.#site.status.name} · Strata`;
    this.#page = page.open({ site: this.#site, draft: this.#draft, argument });
    put(this.#parts.main, this.#page.element);
    this.#parts.main.dataset.page = page.name;
    if (!moved) return;
    this.#parts.main.scrollTop = 0;
    scrollTo(0, 0);
    this.#parts.main.focus({ preventScroll: true });
    announce.quiet(page.title);
  }

  #changed(what) {
    this.#facts();
    this.#page?.update?.(what);
  }

  #facts() {
    const { revision, condition } = this.#site.status;
    put(
      this.#parts.facts,
      h("span", { class: "fact" }, "revision ", h("b", {}, String(revision ?? "–"))),
      condition && h("span", { class: `state ${condition}` }, condition),
    );
  }

  #gone = null;

  #connected({ state, wait }) {
    const { banner, link } = this.#parts;
    const words = { open: "Live", gone: "Disconnected", connecting: "Connecting" };
    put(
      link,
      h("span", { class: `dot ${state}`, "aria-hidden": "true" }),
      h("span", { class: "link-word" }, words[state]),
    );
    if (state === "gone") {
      this.#gone ??= Date.now();
      // A short break is no news; the banner would only make the page jump.
      if (wait < 400) return;
      banner.hidden = false;
      banner.className = "banner gone";
      put(
        banner,
        icon("warn"),
        h(
          "span",
          {},
          `The server is gone since ${duration((Date.now() - this.#gone) / 1000)}. What you see is old; edits wait here.`,
        ),
        h("button", { class: "button small", type: "button", onclick: () => this.#site.retry() }, "Try now"),
      );
    } else if (state === "open" && this.#gone !== null) {
      this.#gone = null;
      if (banner.hidden) return;
      banner.className = "banner back";
      put(banner, h("span", {}, "The server is back. Everything was read again."));
      setTimeout(() => banner.classList.contains("back") && (banner.hidden = true), 6000);
    }
  }

  #drafts() {
    const bar = this.#parts.drafts;
    const { size } = this.#draft;
    if (size === 0) {
      bar.hidden = true;
      bar.replaceChildren();
      return;
    }
    const conflicts = this.#draft.conflicts().length;
    const wrong = this.#draft.findings.length;
    if (bar.hidden) {
      this.#parts.count = h("span", { class: "draft-count" });
      this.#parts.state = h("span", { class: "draft-state", role: "status" });
      const discard = h(
        "button",
        {
          class: "button small ghost",
          type: "button",
          onclick: () => {
            this.#draft.clear();
            announce("The edits were discarded.");
            this.#parts.main.focus();
          },
        },
        "Discard",
      );
      const save = h(
        "button",
        { class: "button small primary", type: "button", id: "review", onclick: () => review(this.#site, this.#draft) },
        "Review and save",
      );
      bar.hidden = false;
      put(bar, this.#parts.count, this.#parts.state, h("span", { class: "space" }), discard, save);
    }
    put(
      this.#parts.count,
      h("b", {}, String(size)),
      ` ${size === 1 ? "edit" : "edits"}`,
      h("span", { class: "draft-paths" }, ` ${[...this.#draft.edits.keys()].join(", ")}`),
    );
    put(
      this.#parts.state,
      conflicts > 0 ? h("span", { class: "tag warn" }, count(conflicts, "conflict")) : null,
      wrong > 0 ? h("span", { class: "tag error" }, count(wrong, "mistake")) : null,
    );
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
