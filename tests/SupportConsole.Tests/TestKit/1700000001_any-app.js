// An app with a field of every type, many of each; views, odd names, great and many records; and with hooks that answer as they like.
migrate((app) => {
  const superuser = new Record(app.findCollectionByNameOrId("_superusers"));
  superuser.set("email", "root@example.test");
  superuser.set("password", "test-root-pass-1");
  app.save(superuser);

  const people = new Collection({ type: "auth", name: "people", authRule: "", listRule: "", viewRule: "", fields: [{ type: "text", name: "name" }] });
  app.save(people);
  const person = new Record(people);
  person.load({ id: "ann000000000000", email: "ann@people.test", name: "Ann", password: "test-user-pass-1" });
  app.save(person);

  const made = (collection, values) => {
    const record = new Record(app.findCollectionByNameOrId(collection));
    record.load(values);
    app.save(record);
    return record;
  };
  const collection = (name, fields, rules) => {
    const one = new Collection({ type: "base", name, listRule: "", viewRule: "", fields, ...rules });
    app.save(one);
    return one;
  };

  // What the user can't see, and what only shows to its owner.
  const secrets = collection("secrets", [{ type: "text", name: "title" }], { listRule: null, viewRule: null });
  made("secrets", { id: "secret000000000", title: "Top secret" });
  collection("mine", [
    { type: "text", name: "title" }, { type: "text", name: "note" }, { type: "text", name: "inner", hidden: true }, { type: "relation", name: "owner", collectionId: people.id, maxSelect: 1 },
    { type: "number", name: "rank" }, { type: "select", name: "kinds", values: ["a", "b"], maxSelect: 2 }, { type: "autodate", name: "created", onCreate: true }],
    { listRule: "owner = @request.auth.id", viewRule: "owner = @request.auth.id" });
  // PocketBase takes such a view as long as no id is there twice.
  app.save(new Collection({ type: "view", name: "twice", listRule: "", viewRule: "",
    viewQuery: "SELECT substr(mine.title, 1, 1) AS id, mine.rank, NULL AS lacking, CAST(NULL AS TEXT) AS words, mine.created FROM mine" }));
  for (let i = 0; i < 45; i++) {
    made("mine", { title: "Mine " + i, note: i == 3 ? "C:\\dir\\ ends so\\" : "it's \"quoted\" (" + i, owner: "ann000000000000", rank: i % 5, kinds: i % 2 ? ["a"] : ["a", "b"] });
    made("mine", { title: "Other " + i, note: "foreign", inner: "x" });
  }

  // 200 fields.
  const all = { type: "base", name: "everything", listRule: "", viewRule: "" };
  const makers = [
    (name) => ({ type: "text", name }), (name) => ({ type: "editor", name }), (name) => ({ type: "number", name }), (name) => ({ type: "bool", name }),
    (name) => ({ type: "email", name }), (name) => ({ type: "url", name }), (name) => ({ type: "date", name }), (name) => ({ type: "autodate", name, onCreate: true, onUpdate: true }),
    (name) => ({ type: "select", name, values: ["red", "green", "blue"], maxSelect: 1 }), (name) => ({ type: "select", name, values: ["red", "green", "blue"], maxSelect: 3 }),
    (name) => ({ type: "relation", name, collectionId: people.id, maxSelect: 1 }), (name) => ({ type: "relation", name, collectionId: secrets.id, maxSelect: 5 }),
    (name) => ({ type: "file", name, maxSelect: 1 }), (name) => ({ type: "file", name, maxSelect: 3, protected: true }), (name) => ({ type: "json", name }),
    (name) => ({ type: "geoPoint", name }), (name) => ({ type: "password", name })];
  const kinds = ["text", "editor", "number", "bool", "email", "url", "date", "autodate", "choice", "choices", "person", "secrets", "file", "files", "json", "point", "secretword"];
  all.fields = [];
  for (let i = 0; all.fields.length < 198; i++) {
    all.fields.push(makers[i % kinds.length](kinds[i % kinds.length] + Math.floor(i / kinds.length)));
  }
  app.save(new Collection(all));
  const everything = app.findCollectionByNameOrId("everything");
  everything.fields.add(new RelationField({ name: "itself", collectionId: everything.id, maxSelect: 1 }));
  everything.fields.add(new RelationField({ name: "family", collectionId: everything.id, maxSelect: 9 }));
  app.save(everything);
  made("everything", { id: "empty0000000000" });
  const values = { id: "full00000000000" };
  const filled = ["Words", "<p>Some <b>bold</b></p>", -1.5, true, "a@b.test", "https://a.test/b?c=d", "2024-02-29 12:00:00.000Z", null, "green", ["red", "blue"],
    "ann000000000000", ["secret000000000"], null, null, { deep: [1, { a: null }] }, { lat: -33.86, lon: 151.21 }, "hunter2hunter2"];
  for (let i = 0; i < 198; i++) {
    if (filled[i % kinds.length] !== null) { values[kinds[i % kinds.length] + Math.floor(i / kinds.length)] = filled[i % kinds.length]; }
  }
  for (let i = 0; i < 12; i++) {
    values["file" + i] = $filesystem.fileFromBytes("one", "one.txt");
    if (i < 11) { values["files" + i] = [$filesystem.fileFromBytes("two", "two.txt"), $filesystem.fileFromBytes("three", "three.txt")]; }
  }
  made("everything", values);
  const full = app.findRecordById("everything", "full00000000000");
  full.set("itself", full.id);
  full.set("family", [full.id, "empty0000000000"]);
  app.save(full);

  // Names that are words or numbers elsewhere.
  const words = ["2nd", "AND", "OR", "NOT", "filter", "sort", "fields", "page", "perPage", "items", "like", "_leading", "length", "lower", "each", "record", "constructor", "__proto__"];
  collection("words", words.map((name) => ({ type: "text", name })));
  const word = { id: "words0000000000" };
  words.forEach((name) => word[name] = "is " + name);
  made("words", word);

  const far = collection("times", [{ type: "text", name: "title" }, { type: "date", name: "at" }]);
  ["0000-01-01 00:00:00.000Z", "0001-01-01 00:00:00.000Z", "9999-12-31 23:59:59.999Z", "1969-12-31 23:59:59.999Z"].forEach((at, i) => made("times", { title: "Time " + i, at }));

  // Names that turn what follows, that nobody sees, and that have no end.
  collection("names", [{ type: "text", name: "title", max: 5000 }]);
  ["\u202Eevil\u202C", "\u202Eonly", "\u200B", "👩‍👩‍👧‍👦", "x".repeat(4999) + "y", "<script>alert(1)</script>", "a\nb\tc\u0000d", "\uD83D"].forEach((title, i) =>
    made("names", { id: "name0000000000" + i, title }));

  collection("heavy", [{ type: "text", name: "title" }, { type: "json", name: "document", maxSize: 6000000 }]);
  made("heavy", { id: "heavy0000000000", title: "Five megabytes", document: { text: "x".repeat(5 * 1024 * 1024) } });

  // One that 500 point to, and that points to 500.
  const spokes = collection("spokes", [{ type: "text", name: "title" }, { type: "bool", name: "open" }]);
  const ids = [];
  for (let i = 0; i < 500; i++) { ids.push(made("spokes", { title: "Spoke " + i, open: i % 2 == 0 }).id); }
  const hubs = collection("hubs", [{ type: "text", name: "title" }, { type: "relation", name: "spokes", collectionId: spokes.id, maxSelect: 999 }, { type: "relation", name: "up", maxSelect: 1, collectionId: people.id }]);
  made("hubs", { id: "hub000000000000", title: "Hub", spokes: ids, up: "ann000000000000" });
  const back = app.findCollectionByNameOrId("spokes");
  back.fields.add(new RelationField({ name: "hub", collectionId: hubs.id, maxSelect: 1 }));
  app.save(back);
  app.db().newQuery("UPDATE spokes SET hub = 'hub000000000000'").execute();

  collection("slugs", [{ type: "text", name: "id", system: true, required: true, primaryKey: true, pattern: "^[a-zA-Z0-9_~+@=-]+$", min: 1, max: 100, autogeneratePattern: "[a-z]{8}" }, { type: "text", name: "title" }]);
  ["a", "A-b_c~e+@=", "x".repeat(100), "0"].forEach((id) => made("slugs", { id, title: "Of " + id }));

  app.save(new Collection({ type: "view", name: "paths", listRule: "", viewRule: "",
    viewQuery: "SELECT ('../' || slugs.id || '/\"''?#') AS id, slugs.title FROM slugs" }));

  ["hiding", "adding", "refusing", "throwing", "passing", "falling"].forEach((name) => {
    collection(name, [{ type: "text", name: "title" }, { type: "text", name: "body" }, { type: "autodate", name: "created", onCreate: true }]);
    for (let i = 0; i < 3; i++) { made(name, { id: name + "0".repeat(14 - name.length) + i, title: name + " " + i, body: "words" }); }
  });
}, () => {});
