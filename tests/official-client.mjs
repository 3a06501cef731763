// What PocketBase's own client sees as each of the given users: the reference that the console's pages are compared with.
//
//   SUPERUSER_EMAIL=… SUPERUSER_PASSWORD=… node official-client.mjs --url http://127.0.0.1:8090 USER_ID…
//
// Prints {"USER_ID": ["post id, newest first", …], …}. Any failure ends with a message on stderr and exit code 1.
import { parseArgs } from "node:util";
import PocketBase from "pocketbase";

const PAGE = 100;
const TOKEN_SECONDS = 120;

async function visiblePosts(client) {
  const ids = [];
  for (let page = 1; ; page++) {
    const { items } = await client.collection("posts").getList(page, PAGE, { sort: "-created,-id", fields: "id", skipTotal: true });
    ids.push(...items.map(({ id }) => id));
    if (items.length < PAGE) {
      return ids;
    }
  }
}

const { values, positionals: userIds } = parseArgs({ options: { url: { type: "string" } }, allowPositionals: true });
const { SUPERUSER_EMAIL: email, SUPERUSER_PASSWORD: password } = process.env;
if (!values.url || !email || !password || userIds.length === 0) {
  throw new Error("Needed: --url, at least one user id, and SUPERUSER_EMAIL and SUPERUSER_PASSWORD in the environment.");
}

const superuser = new PocketBase(values.url);
await superuser.collection("_superusers").authWithPassword(email, password);

const seen = {};
for (const id of userIds) {
  const asUser = await superuser.collection("users").impersonate(id, TOKEN_SECONDS);
  seen[id] = await visiblePosts(asUser);
  // A token that died on the way would have listed what guests see, without any error.
  await asUser.files.getToken();
}
console.log(JSON.stringify(seen));
