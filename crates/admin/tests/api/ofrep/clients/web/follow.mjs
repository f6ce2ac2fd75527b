// OpenFeature's client for the web, which never polls: what it gets, and that it hears of a change.
// Speaks lines of JSON with the test: it is told a line whenever it should go on.
import { createInterface } from "node:readline";
import { EventSource } from "eventsource";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";

globalThis.EventSource = EventSource;
const [baseUrl, token] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const tell = (what) => console.log(JSON.stringify(what));

const provider = new OFREPWebProvider({
  baseUrl,
  headers: [["Authorization", `Bearer ${token}`]],
  cacheMode: "disabled",
});
await OpenFeature.setProviderAndWait(provider, { targetingKey: "ann" });
const client = OpenFeature.getClient();
const all = () => ({
  on: client.getBooleanDetails("on", false),
  rate: client.getNumberDetails("rate", 0),
  word: client.getStringDetails("word", "none"),
  shape: client.getObjectDetails("shape", {}),
  own: client.getStringDetails("own", "mine"),
  deep: client.getBooleanDetails("team/x", false),
  none: client.getBooleanDetails("none", true),
});
client.addHandler(ProviderEvents.ConfigurationChanged, (event) => tell({ changed: event.flagsChanged, ...all() }));
tell(all());
await OpenFeature.setContext({ targetingKey: "ann", staff: true });
tell(all());
await lines.next();
await OpenFeature.close();
process.exit(0);
