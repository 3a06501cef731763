// What the adapter's tests stand on: people with nasty names, rules that show, hide and lock.
migrate((app) => {
  const superuser = new Record(app.findCollectionByNameOrId("_superusers"));
  superuser.set("email", "root@example.test");
  superuser.set("password", "test-root-pass-1");
  app.save(superuser);

  const users = app.findCollectionByNameOrId("users");
  users.fields.add(new TextField({ name: "nickname", max: 5000 }));
  users.fields.add(new TextField({ name: "secret_note", hidden: true }));
  app.save(users);
  for (const name of ["target", "decoy01", "decoy02", "decoy03"]) {
    const user = new Record(users);
    user.load({ id: (name + "0000000000000").slice(0, 15), email: name + "@example.test", verified: name === "target",
      name: name, nickname: "nick of " + name, password: "test-user-pass-1" });
    app.save(user);
  }

  const posts = new Collection({ type: "base", name: "posts",
    listRule: "status = 'published' || author = @request.auth.id", viewRule: "status = 'published' || author = @request.auth.id",
    fields: [
      { type: "text", name: "title" },
      { type: "relation", name: "author", collectionId: users.id, maxSelect: 1 },
      { type: "text", name: "status" },
      { type: "file", name: "attachments", maxSelect: 5, maxSize: 100000 },
      { type: "autodate", name: "created", onCreate: true }] });
  app.save(posts);
  const rows = [["post00000000001", "Own draft", "target000000000", "draft"], ["post00000000002", "Other's draft", "decoy0100000000", "draft"],
    ["post00000000003", "Public", "decoy0100000000", "published"]];
  for (const [id, title, author, status] of rows) {
    const post = new Record(posts);
    post.load({ id, title, author, status });
    app.save(post);
  }

  app.save(new Collection({ type: "base", name: "locked", fields: [{ type: "text", name: "value" }] }));
  app.save(new Collection({ type: "base", name: "empty", listRule: "@request.auth.id = 'nobody'", viewRule: "@request.auth.id = 'nobody'",
    fields: [{ type: "text", name: "value" }] }));
  app.save(new Collection({ type: "auth", name: "members", authRule: null, fields: [] }));

  const settings = app.settings();
  settings.logs.logAuthId = true;
  app.save(settings);
  app.save(new Collection({ type: "auth", name: "service_accounts", viewRule: "id = @request.auth.id",
    fields: [
      { type: "text", name: "label", required: true, max: 100 },
      { type: "bool", name: "disabled" },
      { type: "autodate", name: "created", onCreate: true }] }));
}, () => {});
