// An app that is shaped like no demo: users without a name, ids of its own, records without a time, hooks that refuse.
migrate((app) => {
  const superuser = new Record(app.findCollectionByNameOrId("_superusers"));
  superuser.set("email", "root@example.test");
  superuser.set("password", "test-root-pass-1");
  app.save(superuser);

  const idOf = (pattern, min, max, made) =>
    ({ type: "text", name: "id", system: true, required: true, primaryKey: true, pattern, min, max, autogeneratePattern: made });

  const people = new Collection({ type: "auth", name: "People", authRule: "",
    listRule: "id = @request.auth.id", viewRule: "id = @request.auth.id || verified = true",
    fields: [
      idOf("^usr_[0-9]+$", 0, 40, "usr_[0-9]{12}"),
      { type: "text", name: "firstName" }, { type: "text", name: "lastName" }, { type: "text", name: "phone" },
      { type: "text", name: "staffNote", hidden: true }, { type: "number", name: "points" }, { type: "bool", name: "vip" },
      { type: "autodate", name: "joinedAt", onCreate: true }] });
  app.save(people);

  const members = new Collection({ type: "auth", name: "members",
    fields: [idOf("^[A-Za-z]+$", 1, 40, "[a-z]{12}"), { type: "text", name: "name" }, { type: "text", name: "nickname" }] });
  app.save(members);

  const person = (id, email, firstName, lastName, more) => {
    const record = new Record(people);
    record.load({ id, email, firstName, lastName, password: "test-user-pass-1", ...more });
    app.save(record);
  };
  person("usr_1", "ada@example.test", "Ada", "Lovelace", { phone: "+44 20 7946 0958", verified: true, staffNote: "wizard" });
  person("usr_2", "Bob@Example.test", "Bob", "Ng", { phone: "0171 2345678" });
  person("usr_3", "li@example.test", "娜", "李", { vip: true });
  person("usr_4", "nobody@example.test", "\u200B", "\u3164", {});
  ["forbidden", "bad", "broken", "failing", "unknown", "unauthorized"].forEach((refusal, i) =>
    person("usr_" + (101 + i), refusal + "@example.test", "Hook", refusal, {}));
  const member = (id, name, nickname) => {
    const record = new Record(members);
    record.load({ id, email: id + "@members.test", name, nickname, password: "test-user-pass-1" });
    app.save(record);
  };
  member("anna", "Clara Schumann", "christopher1990");
  member("clara", "Anna Bergman", "anna2023bergman");

  // No time at all; two authors; a body that is text.
  const entries = new Collection({ type: "base", name: "Entries", listRule: "", viewRule: "",
    fields: [
      { type: "text", name: "headline" }, { type: "text", name: "body" }, { type: "json", name: "blocks" }, { type: "number", name: "stars" },
      { type: "relation", name: "author", collectionId: people.id, maxSelect: 5 }] });
  app.save(entries);
  for (let i = 0; i < 45; i++) {
    const record = new Record(entries);
    record.load({ headline: "Entry " + i, body: "My List<String> doesn't compile.\nPlease help.", blocks: { type: "doc", content: [i] },
      stars: i, author: i % 3 == 0 ? ["usr_1", "usr_2"] : i % 3 == 1 ? ["usr_2"] : ["usr_2", "usr_3"] });
    app.save(record);
  }

  // As deep as PocketBase takes it.
  const depths = new Collection({ type: "base", name: "depths", listRule: "", viewRule: "",
    fields: [{ type: "text", name: "title" }, { type: "json", name: "tree" }, { type: "editor", name: "body" }] });
  app.save(depths);
  const deep = new Record(depths);
  deep.load({ title: "Deep", tree: "[".repeat(9000) + "]".repeat(9000), body: "<p>Words</p>" });
  app.save(deep);

  // The time came to the app later: half of the records have none.
  const late = new Collection({ type: "base", name: "late", listRule: "", viewRule: "", fields: [{ type: "text", name: "title" }] });
  app.save(late);
  for (let i = 0; i < 30; i++) {
    const record = new Record(late);
    record.load({ title: "Old " + i });
    app.save(record);
  }
  const later = app.findCollectionByNameOrId("late");
  later.fields.add(new AutodateField({ name: "created", onCreate: true }));
  app.save(later);
  for (let i = 0; i < 30; i++) {
    const record = new Record(app.findCollectionByNameOrId("late"));
    record.load({ title: "New " + i });
    app.save(record);
  }

  app.save(new Collection({ type: "base", name: "hiddenTime", listRule: "", viewRule: "",
    fields: [{ type: "text", name: "title" }, { type: "autodate", name: "created", onCreate: true, hidden: true }] }));
  for (let i = 0; i < 25; i++) {
    const record = new Record(app.findCollectionByNameOrId("hiddenTime"));
    record.load({ title: "Of no time " + i });
    app.save(record);
  }

  app.save(new Collection({ type: "view", name: "lateView", listRule: "", viewRule: "",
    viewQuery: "SELECT ('№ ' || late.id || '/x') AS id, late.title, late.created FROM late" }));
  app.save(new Collection({ type: "base", name: "byHeader", listRule: "@request.headers.x_tenant = 'acme'", viewRule: "@request.headers.x_tenant = 'acme'",
    fields: [{ type: "text", name: "title" }, { type: "autodate", name: "created", onCreate: true }] }));
  const sightings = new Collection({ type: "base", name: "sightings", listRule: "", viewRule: "",
    fields: [{ type: "text", name: "state" }, { type: "text", name: "site" }, { type: "number", name: "depth" }] });
  app.save(sightings);
  const sighting = new Record(sightings);
  sighting.set("state", "open");
  sighting.set("site", "Blue Hole");
  app.save(sighting);
  app.save(new Collection({ type: "base", name: "closed", listRule: "", viewRule: "", fields: [{ type: "text", name: "title" }] }));
  const tenant = new Record(app.findCollectionByNameOrId("byHeader"));
  tenant.load({ title: "For acme alone" });
  app.save(tenant);
}, () => {});
