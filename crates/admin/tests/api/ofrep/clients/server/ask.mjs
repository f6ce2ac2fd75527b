// OpenFeature's client for servers: each question is one request.
import { OpenFeature } from "@openfeature/server-sdk";
import { OFREPProvider } from "@openfeature/ofrep-provider";

const [baseUrl, token] = process.argv.slice(2);
const provider = new OFREPProvider({ baseUrl, headers: [["Authorization", `Bearer ${token}`]] });
await OpenFeature.setProviderAndWait(provider);
const client = OpenFeature.getClient();
const ann = { targetingKey: "ann", staff: true };
console.log(JSON.stringify({
  on: await client.getBooleanDetails("on", false, ann),
  rate: await client.getNumberDetails("rate", 0, ann),
  word: await client.getStringDetails("word", "none", ann),
  shape: await client.getObjectDetails("shape", {}, ann),
  own: await client.getStringDetails("own", "mine", ann),
  deep: await client.getBooleanDetails("team/x", false, ann),
  other: await client.getBooleanDetails("team/x", true, { targetingKey: "bob" }),
  nobody: await client.getBooleanDetails("on", false),
  none: await client.getBooleanDetails("none", true, ann),
  type: await client.getBooleanDetails("word", true, ann),
}));
await OpenFeature.close();
