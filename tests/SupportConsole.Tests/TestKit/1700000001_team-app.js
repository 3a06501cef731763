// People in teams, and posts of theirs: fields of most kinds, relations of one and of several, on the way and at the end.
migrate((app) => {
  const superuser = new Record(app.findCollectionByNameOrId("_superusers"));
  superuser.set("email", "root@example.test");
  superuser.set("password", "test-root-pass-1");
  app.save(superuser);

  const users = app.findCollectionByNameOrId("users");
  const teams = new Collection({ type: "base", name: "teams", listRule: "", viewRule: "", fields: [
    { type: "text", name: "name", max: 40 }, { type: "bool", name: "open" }, { type: "select", name: "plan", values: ["free", "paid", "trial"], maxSelect: 1 },
    { type: "number", name: "seats", min: 0, max: 20, onlyInt: true },
    { type: "relation", name: "owner", collectionId: users.id, maxSelect: 1 }, { type: "relation", name: "members", collectionId: users.id, maxSelect: 3 }] });
  app.save(teams);
  users.fields.add(new SelectField({ name: "role", values: ["member", "staff", "admin"], maxSelect: 1 }));
  users.fields.add(new SelectField({ name: "skills", values: ["red", "green", "blue"], maxSelect: 3 }));
  users.fields.add(new NumberField({ name: "level", min: 0, max: 9, onlyInt: true }));
  users.fields.add(new BoolField({ name: "active" }));
  users.fields.add(new DateField({ name: "since" }));
  users.fields.add(new RelationField({ name: "team", collectionId: teams.id, maxSelect: 1 }));
  users.fields.add(new RelationField({ name: "friends", collectionId: users.id, maxSelect: 3 }));
  app.save(users);
  const posts = new Collection({ type: "base", name: "posts", listRule: "", viewRule: "", fields: [
    { type: "text", name: "title", required: true, max: 60 }, { type: "text", name: "note" }, { type: "text", name: "code", pattern: "^[a-z]{0,8}$" },
    { type: "text", name: "slug" }, { type: "editor", name: "body" }, { type: "url", name: "link" }, { type: "json", name: "extra" },
    { type: "select", name: "status", values: ["draft", "review", "published"], maxSelect: 1, required: true },
    { type: "select", name: "tags", values: ["a", "b", "c"], maxSelect: 2 }, { type: "bool", name: "public" }, { type: "number", name: "rank" }, { type: "date", name: "at" },
    { type: "relation", name: "owner", collectionId: users.id, maxSelect: 1 }, { type: "relation", name: "editors", collectionId: users.id, maxSelect: 3 },
    { type: "relation", name: "team", collectionId: teams.id, maxSelect: 1 }, { type: "autodate", name: "updated", onCreate: true, onUpdate: true }],
    indexes: ["CREATE UNIQUE INDEX idx_posts_slug ON posts (slug) WHERE slug != ''"] });
  app.save(posts);
  const memberships = new Collection({ type: "base", name: "memberships", listRule: "", viewRule: "", fields: [
    { type: "relation", name: "user", collectionId: users.id, maxSelect: 1 }, { type: "relation", name: "team", collectionId: teams.id, maxSelect: 1 },
    { type: "select", name: "rank", values: ["guest", "full"], maxSelect: 1 }] });
  app.save(memberships);

  const made = (collection, values) => {
    const record = new Record(app.findCollectionByNameOrId(collection));
    record.load(values);
    app.save(record);
  };
  const people = ["ada", "ben", "cleo", "dan"].map((name) => (name + "000000000000000").slice(0, 15));
  const groups = ["blue", "green", "grey"].map((name) => (name + "000000000000000").slice(0, 15));
  people.forEach((id, i) => made("users", { id, name: ["Ada", "Ben", "Cleo", "Dan"][i], email: id + "@example.test", password: "test-user-pass-1", verified: i % 2 == 0,
    role: ["member", "staff", "admin", ""][i], skills: [["red"], [], ["red", "blue"], ["green"]][i], level: i * 2, active: i % 2 == 1, since: i == 3 ? "" : "202" + i + "-05-01 10:00:00.000Z" }));
  groups.forEach((id, i) => made("teams", { id, name: ["Blue", "Green", ""][i], open: i == 1, plan: ["free", "paid", ""][i], seats: i * 5, owner: people[i], members: [[people[0]], [people[0], people[1]], []][i] }));
  people.forEach((id, i) => {
    const user = app.findRecordById("users", id);
    user.set("team", [groups[0], groups[1], "", groups[0]][i]);
    user.set("friends", [[people[1]], [], [people[0], people[1]], [people[2]]][i]);
    app.save(user);
  });
  [["guest", 0, 0], ["full", 1, 1], ["full", 2, 0]].forEach(([rank, user, team]) => made("memberships", { rank, user: people[user], team: groups[team] }));
  for (let i = 0; i < 8; i++) {
    made("posts", { id: "post0000000000" + i, title: "Post " + i, note: ["", "odd", "100%", "it's \"so\""][i % 4], code: ["", "abc"][i % 2], body: ["", "<p>Hi</p>"][i % 2], slug: "s" + i,
      link: ["", "https://a.test/x"][i % 2], extra: { deep: i }, status: ["draft", "review", "published"][i % 3], tags: [[], ["a"], ["a", "b"]][i % 3], public: i % 2 == 0, rank: i - 2,
      at: i % 4 == 0 ? "" : "202" + i + "-01-01 00:00:00.000Z", owner: i == 7 ? "" : people[i % 4], editors: [[], [people[1]], [people[0], people[2]]][i % 3], team: i % 4 == 3 ? "" : groups[i % 3] });
  }
  app.save(new Collection({ type: "view", name: "titles", listRule: "title = 'x'", viewRule: "title = 'x'", viewQuery: "SELECT id, title FROM posts" }));
}, () => {});
