// Where the console begins: it takes the token, opens the site, and shows the shell.

import { Api, Gone } from "./api.js";
import { Draft } from "./draft.js";
import { login } from "./login.js";
import { Shell } from "./shell.js";
import { Site } from "./site.js";

const KEPT = "strata-token";

// The token of the address's fragment, which is then taken out of the address and of the browser's history.
function tokenOfAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("token");
  if (token !== null) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

// What the reader allowed to be kept until the tab is closed.
function kept() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(token) {
  try {
    if (token === null) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, token);
  } catch {
    // Storage is forbidden: the token lasts as long as the page.
  }
}

let shell = null;

async function enter(token, { remember = false, message = null } = {}) {
  shell?.close();
  shell = null;
  if (!token) return ask(message);
  const site = new Site(new Api(token));
  try {
    await site.open();
  } catch (error) {
    site.close();
    keep(null);
    return ask(refusal(error), error instanceof Gone ? token : "");
  }
  if (remember) keep(token);
  shell = new Shell(site, new Draft(site), { leave: () => leave(null) });
  shell.open(document.getElementById("app"));
  site.addEventListener("refused", () => leave("The server does not accept this token any more."));
}

function leave(message) {
  keep(null);
  enter(null, { message });
}

function ask(message, token = "") {
  login(document.getElementById("app"), { message, token, enter: (typed, remember) => enter(typed, { remember }) });
}

function refusal(error) {
  if (error.status === 401) return "This token is not accepted. It is unknown, or its time is over.";
  if (error.status === 403) return "This token may not read. The console needs at least the scope “read”.";
  if (error.status === 429) return "Too many attempts. Wait a minute, then try again.";
  return `${error.message}.`;
}

// Another token in the address bar of a console that is open already.
addEventListener("hashchange", () => {
  const token = tokenOfAddress();
  if (token !== null) enter(token);
});

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main")?.focus();
});

enter(tokenOfAddress() ?? kept());
