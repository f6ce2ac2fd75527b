// OpenFeature's client for the web, which never polls: what ann gets of a flag, now and after each change of it.
import { createInterface } from "node:readline";
import { EventSource } from "eventsource";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";

globalThis.EventSource = EventSource;
const [baseUrl, token, key] = process.argv.slice(2);
const headers = [["Authorization", `Bearer ${token}`]];
await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl, headers }), { targetingKey: "ann" });
const client = OpenFeature.getClient();
const tell = () => console.log(JSON.stringify(client.getBooleanDetails(key, false)));
client.addHandler(ProviderEvents.ConfigurationChanged, ({ flagsChanged }) => flagsChanged.includes(key) && tell());
tell();
for await (const _ of createInterface({ input: process.stdin })) break;
await OpenFeature.close();
process.exit(0);
