// What PocketBase's own client gets with a token, as a service with an API key would use it.
//
//   API_KEY=… node key-client.mjs --url http://127.0.0.1:8090 --collection data
//
// Prints {"items": how many records the first page holds, "alive": whether the server takes the token for one}. PocketBase treats a
// dead token as a guest, so a list alone doesn't tell. Any other failure ends with a message on stderr and exit code 1.
import { parseArgs } from "node:util";
import PocketBase, { ClientResponseError } from "pocketbase";

const { values } = parseArgs({ options: { url: { type: "string" }, collection: { type: "string" } } });
const { API_KEY: key } = process.env;
if (!values.url || !values.collection || !key) {
  throw new Error("Needed: --url, --collection, and API_KEY in the environment.");
}

const pb = new PocketBase(values.url);
pb.authStore.save(key, null);

const page = await pb.collection(values.collection).getList(1, 50);
let alive = true;
try {
  await pb.files.getToken();
} catch (error) {
  if (!(error instanceof ClientResponseError) || error.status !== 401) {
    throw error;
  }
  alive = false;
}
console.log(JSON.stringify({ items: page.items.length, alive }));
