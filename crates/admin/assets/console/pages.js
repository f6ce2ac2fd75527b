// All pages, in the order of the navigation. A page is opened with the site, the draft and the rest of the address; it
// gives its `element`, and where it wants them `update(what)`, `turn(argument)` and `close()`.

import { events } from "./page-events.js";
import { experiments } from "./page-experiments.js";
import { flags } from "./page-flags.js";
import { history } from "./page-history.js";
import { overview } from "./page-overview.js";
import { presets } from "./page-presets.js";
import { snapshots } from "./page-snapshots.js";
import { transfer } from "./page-transfer.js";
import { values } from "./page-values.js";

export const PAGES = [
  { name: "overview", title: "Overview", open: overview },
  { name: "values", title: "Values", open: values },
  { name: "flags", title: "Flags", open: flags },
  { name: "history", title: "History", open: history },
  { name: "snapshots", title: "Snapshots", open: snapshots },
  { name: "presets", title: "Presets", open: presets },
  { name: "experiments", title: "Experiments", open: experiments },
  { name: "transfer", title: "Import and export", open: transfer },
  { name: "events", title: "Events", open: events },
];
