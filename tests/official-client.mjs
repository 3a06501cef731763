// What PocketBase's own client sees as each of the given users: the reference that the console's pages are compared with.
//
//   SUPERUSER_EMAIL=… SUPERUSER_PASSWORD=… node official-client.mjs --url http://127.0.0.1:8090 \
//     --list posts=-created,-id [--list COLLECTION=SORT]… [--filter FILTER] users/USER_ID [AUTH_COLLECTION/USER_ID]…
//
// Prints {"posts": {"users/USER_ID": ["record id, in the order of the sort", …], …}, …}; null instead of the ids where the server
// refuses the list. Any failure ends with a message on stderr and exit code 1.
import { parseArgs } from "node:util";
import PocketBase from "pocketbase";

const PAGE = 500;
const TOKEN_SECONDS = 120;

async function visibleRecords(client, collection, sort, filter) {
  const ids = [];
  for (let page = 1; ; page++) {
    const { items } = await client.collection(collection).getList(page, PAGE, { sort, filter, fields: "id", skipTotal: true });
    ids.push(...items.map(({ id }) => id));
    if (items.length < PAGE) {
      return ids;
    }
  }
}

const { values, positionals: users } = parseArgs({
  options: { url: { type: "string" }, list: { type: "string", multiple: true }, filter: { type: "string" } },
  allowPositionals: true,
});
const { SUPERUSER_EMAIL: email, SUPERUSER_PASSWORD: password } = process.env;
if (!values.url || !email || !password || !values.list || users.length === 0) {
  throw new Error("Needed: --url, --list, at least one user, and SUPERUSER_EMAIL and SUPERUSER_PASSWORD in the environment.");
}

const superuser = new PocketBase(values.url);
superuser.autoCancellation(false);
await superuser.collection("_superusers").authWithPassword(email, password);

const lists = values.list.map((list) => list.split("="));
const seen = Object.fromEntries(lists.map(([collection]) => [collection, {}]));
for (const user of users) {
  const [authCollection, id] = user.split("/");
  const asUser = await superuser.collection(authCollection).impersonate(id, TOKEN_SECONDS);
  for (const [collection, sort] of lists) {
    try {
      seen[collection][user] = await visibleRecords(asUser, collection, sort, values.filter);
    } catch (error) {
      if (error.status !== 400 && error.status !== 403) {
        throw error;
      }
      seen[collection][user] = null;
    }
  }
  // A token that died on the way would have listed what guests see, without any error.
  await asUser.files.getToken();
}
console.log(JSON.stringify(seen));
