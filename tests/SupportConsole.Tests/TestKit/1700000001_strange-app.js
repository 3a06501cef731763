// An app with what no developer of a console expects: names that are numbers to filters, hooks that hide fields, records of megabytes.
migrate((app) => {
  const superuser = new Record(app.findCollectionByNameOrId("_superusers"));
  superuser.set("email", "root@example.test");
  superuser.set("password", "test-root-pass-1");
  app.save(superuser);

  const players = new Collection({ type: "auth", name: "players", authRule: "", listRule: "", viewRule: "",
    fields: [
      { type: "text", name: "id", system: true, required: true, primaryKey: true, pattern: "^[[:upper:][:digit:]]+$", min: 3, max: 40, autogeneratePattern: "[A-Z0-9]{26}" },
      { type: "text", name: "AND" }, { type: "text", name: "2nd_name" }, { type: "text", name: "fullName" }, { type: "json", name: "settings", maxSize: 2000000 },
      { type: "text", name: "about", max: 1000000 }] });
  app.save(players);
  const player = (id, fullName, more) => {
    const record = new Record(players);
    record.load({ id, email: id.toLowerCase() + "@players.test", fullName, password: "test-user-pass-1", ...more });
    app.save(record);
  };
  player("01HZXA", "İbrahim Şahin", { AND: "chess" });
  player("01HZXB", "Işık Yılmaz", { "2nd_name": "Deniz" });
  const heavy = "x".repeat(1000000);
  for (let i = 0; i < 18; i++) {
    player("HEAVY" + i, "Heavy " + i, { settings: { a: heavy }, about: heavy.slice(0, 900000) });
  }

  for (const name of ["notes", "unauthorized"]) {
    const notes = new Collection({ type: "base", name, listRule: "", viewRule: "",
      fields: [
        { type: "text", name: "title" }, { type: "relation", name: "author", collectionId: players.id, maxSelect: 1 },
        { type: "autodate", name: "created", onCreate: true }] });
    app.save(notes);
    for (let i = 0; i < 45; i++) {
      const record = new Record(notes);
      record.load({ title: "Note " + i, author: "01HZXB" });
      app.save(record);
    }
  }
}, () => {});
