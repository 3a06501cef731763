// 1,200 comments, each by somebody who may read the post; 120 invoices that only superusers may read; and the 25 values
// that service accounts read.

const COMMENTS = 1200;
const INVOICES = 120;
const NOW = Date.UTC(2026, 10, 21, 17);
const DAY = 86400000;
const MALLORY = "m4ll0ryf1nch7z2";

/** Posts with a fixed number of comments; the others share the rest unevenly. */
const FIXED = { pw3lc0met0th3h4: 4, pn0tes0n3ng1ne7: 12, p3dit0rialplan1: 5, pn0auth0rpub1c3: 3, p0rphan3dbyl3na: 9, ph0stile5mark7x: 6 };

const TEXTS = [
  "Thank you, this helped.", "Could you share the file as well?", "I disagree with the second point, but well put.", "+1", "Following.",
  "We do it the other way round, and it works too.", "Is there a version of this for beginners?", "Saved for the weekend.",
  "The link seems to be broken for me.", "Made my morning 🌅", "Where was this taken?", "Same here, for years.", "Merci beaucoup !",
  "Danke, sehr hilfreich.", "¡Qué bien!", "Dziękuję!", "Çok teşekkürler.", "Ευχαριστώ!", "Спасибо, очень полезно.", "شكرا جزيلا", "谢谢分享！",
  "ありがとうございます。", "감사합니다!", "धन्यवाद!", "How long did it take in the end?", "I'd pay for a printed edition.", "Typo in the third paragraph :)",
  "Please add this to the reading list.", "What would you do differently today?", "Reads even better the second time.",
];
const MALLORYS = ["<script>alert('comment')</script>", "<img src=x onerror=alert(1)> nice post", "[click](javascript:alert(1)) \u202edesrever"];

const DATA = {
  "flags.dark_mode": true, "flags.new_editor": { enabled: true, share: 0.25 }, "flags.signup": false, "flags.comments": true, "flags.search_v2": null,
  "limits.attachments": 5, "limits.upload_bytes": 5242880, "limits.posts_per_day": 20, "limits.comment_length": 2000,
  "newsletter.next_issue": "2026-12-01", "newsletter.subject": "Winter reading, and a fair", "newsletter.segments": ["weekly", "events", "partners"], "newsletter.sender": { name: "Harbour", address: "news@example.com" },
  "status.api": "operational", "status.uploads": "operational", "status.mail": "degraded", "status.incidents": [{ id: 41, opened: "2026-11-20T08:12:00Z", text: "Mails are late by up to an hour." }],
  "rates.EUR_USD": 1.0831, "rates.EUR_GBP": 0.8427, "rates.EUR_JPY": 163.2, "rates.updated": "2026-11-21T06:00:00Z",
  "calendar.book_fair": { from: "2027-03-18", until: "2027-03-21", city: "Leipzig" }, "calendar.summer_party": { from: "2027-07-03", city: "Göteborg" },
  "build.version": "4.18.2", "build.released": "2026-11-17",
};

const random = ((state) => () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
})(1200);
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const newId = () => Array.from({ length: 15 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[below(36)]).join("");

const save = (app, collection, created, content) => {
  const record = new Record(collection, Object.assign({ id: newId() }, content));
  const stamp = new DateTime(created.toISOString().replace("T", " "));
  record.setRaw("created", stamp);
  record.setRaw("updated", stamp);
  app.save(record);
};

migrate((app) => {
  const members = app.findRecordsByFilter("users", "disabled = false", "created,id", 0, 0).map((user) => ({
    id: user.id, team: user.getString("team"), joined: user.getDateTime("created").time().unixMilli(),
  }));
  const posts = app.findRecordsByFilter("posts", "status != 'draft'", "created,id", 0, 0).map((post) => ({
    id: post.id, written: post.getDateTime("created").time().unixMilli(),
    readers: post.getString("status") === "published" ? members : members.filter(({ team }) => team !== "" && team === post.getString("team")),
  })).filter(({ readers }) => readers.length > 0);

  const comments = app.findCollectionByNameOrId("comments");
  let left = COMMENTS;
  const comment = (post) => {
    const from = post.written + 60000;
    const until = Math.max(from + 1, Math.min(NOW, from + 20 * DAY));
    const created = from + Math.floor(random() * (until - from));
    const present = post.readers.filter(({ joined }) => joined < created);
    const author = pick(present.length > 0 ? present : post.readers).id;
    save(app, comments, new Date(created), { post: post.id, author, text: pick(author === MALLORY ? MALLORYS : TEXTS) });
    left--;
  };
  for (const post of posts) {
    for (let n = FIXED[post.id] || 0; n > 0; n--) {
      comment(post);
    }
  }
  const others = posts.filter(({ id }) => !(id in FIXED));
  while (left > 0) {
    // The square favours the later ones in the list: recent posts are talked about more.
    comment(others[Math.floor(Math.sqrt(random()) * others.length)]);
  }

  const invoices = app.findCollectionByNameOrId("invoices");
  for (let n = 1; n <= INVOICES; n++) {
    const issued = new Date(NOW - (INVOICES - n) * 6 * DAY);
    const number = `HB-${issued.getUTCFullYear()}-${String(n).padStart(4, "0")}`;
    save(app, invoices, issued, { number, amount: (900 + below(48000)) / 100, user: pick(members).id });
  }

  const data = app.findCollectionByNameOrId("data");
  Object.keys(DATA).forEach((key, index) => save(app, data, new Date(NOW - (25 - index) * DAY), { key, value: DATA[key] }));
}, (app) => {
  for (const name of ["data", "invoices", "comments"]) {
    for (const record of app.findAllRecords(name)) {
      app.delete(record);
    }
  }
});
