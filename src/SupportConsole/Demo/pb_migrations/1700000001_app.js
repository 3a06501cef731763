// The schema, rules and settings of "Harbour", the small publishing community that the demo's support staff look after.
// Everything a real app tends to have is here once: a rule with several clauses, a rule through a relation, a collection
// that is closed to everybody, hidden fields, protected files and accounts that can't sign in.

// The `!= ''` parts are what keeps the rule shut: for a guest, `@request.auth.id` and `@request.auth.team` are empty, and
// empty equals empty, so that a draft without an author would be everybody's.
const readable = (path) =>
  `${path}status = 'published'`
  + ` || (${path}author != '' && ${path}author = @request.auth.id)`
  + ` || (${path}status = 'team' && ${path}team != '' && ${path}team = @request.auth.team)`;

const IS_MEMBER = "@request.auth.collectionName = 'users'";
const IS_LIVE_SERVICE = "@request.auth.collectionName = 'service_accounts' && @request.auth.disabled = false";
const OWN = "author != '' && author = @request.auth.id";

const stamps = () => [
  { type: "autodate", name: "created", onCreate: true },
  { type: "autodate", name: "updated", onCreate: true, onUpdate: true },
];

const USER_FIELDS = ["username", "bio", "team", "protected", "disabled", "internal_note"];
const USER_INDEXES = [
  "CREATE UNIQUE INDEX `idx_users_username` ON `users` (`username`) WHERE `username` != ''",
  // The built-in unique index on the address is partial, and SQLite doesn't use it for `email = 'x'`.
  "CREATE INDEX `idx_users_email_exact` ON `users` (`email`)",
  "CREATE INDEX `idx_users_email_prefix` ON `users` (`email` COLLATE NOCASE)",
  "CREATE INDEX `idx_users_name` ON `users` (`name`)",
  "CREATE INDEX `idx_users_created` ON `users` (`created`)",
];

migrate((app) => {
  const settings = app.settings();
  settings.meta.appName = "Harbour";
  settings.logs.logAuthId = true;
  settings.logs.maxDays = 7;
  settings.batch.enabled = false;
  settings.rateLimits.enabled = false;
  app.save(settings);

  const teams = new Collection({
    type: "base", name: "teams", listRule: IS_MEMBER, viewRule: IS_MEMBER,
    fields: [{ type: "text", name: "name", required: true, max: 80, presentable: true }, ...stamps()],
  });
  app.save(teams);

  const users = app.findCollectionByNameOrId("users");
  users.fields.add(new TextField({ name: "username", max: 60 }));
  users.fields.add(new TextField({ name: "bio", max: 1000 }));
  users.fields.add(new RelationField({ name: "team", collectionId: teams.id, maxSelect: 1 }));
  users.fields.add(new BoolField({ name: "protected", hidden: true }));
  users.fields.add(new BoolField({ name: "disabled" }));
  users.fields.add(new TextField({ name: "internal_note", hidden: true, max: 1000 }));
  users.indexes = [...users.indexes, ...USER_INDEXES];
  users.authRule = "disabled = false";
  users.authAlert.enabled = false;
  users.listRule = `id = @request.auth.id || (${IS_MEMBER} && disabled = false)`;
  users.viewRule = users.listRule;
  users.createRule = null;
  users.updateRule = "id = @request.auth.id && @request.body.team:isset = false && @request.body.disabled:isset = false";
  users.deleteRule = null;
  app.save(users);

  const posts = new Collection({
    type: "base", name: "posts", listRule: readable(""), viewRule: readable(""),
    createRule: OWN, updateRule: OWN, deleteRule: OWN,
    fields: [
      { type: "text", name: "title", required: true, max: 200, presentable: true },
      { type: "editor", name: "body" },
      // Without cascade: what a member wrote stays when the member goes.
      { type: "relation", name: "author", collectionId: users.id, maxSelect: 1, cascadeDelete: false },
      { type: "relation", name: "team", collectionId: teams.id, maxSelect: 1, cascadeDelete: false },
      { type: "select", name: "status", required: true, values: ["draft", "published", "team"], maxSelect: 1 },
      { type: "file", name: "attachments", protected: true, maxSelect: 5, maxSize: 5242880 },
      { type: "file", name: "cover", maxSelect: 1, maxSize: 5242880, mimeTypes: ["image/png", "image/jpeg", "image/webp"], thumbs: ["320x180"] },
      { type: "bool", name: "pinned" },
      { type: "text", name: "moderation_note", hidden: true, max: 1000 },
      ...stamps(),
    ],
    indexes: [
      "CREATE INDEX `idx_posts_created` ON `posts` (`created`)",
      "CREATE INDEX `idx_posts_author` ON `posts` (`author`)",
    ],
  });
  app.save(posts);

  app.save(new Collection({
    type: "base", name: "comments", listRule: readable("post."), viewRule: readable("post."),
    createRule: `${OWN} && (${readable("post.")})`, updateRule: OWN, deleteRule: OWN,
    fields: [
      { type: "relation", name: "post", required: true, collectionId: posts.id, maxSelect: 1, cascadeDelete: true },
      { type: "relation", name: "author", collectionId: users.id, maxSelect: 1, cascadeDelete: false },
      { type: "text", name: "text", required: true, max: 2000 },
      ...stamps(),
    ],
    indexes: [
      "CREATE INDEX `idx_comments_post` ON `comments` (`post`)",
      "CREATE INDEX `idx_comments_created` ON `comments` (`created`)",
    ],
  }));

  app.save(new Collection({
    type: "base", name: "invoices",
    fields: [
      { type: "text", name: "number", required: true, max: 20, presentable: true },
      { type: "number", name: "amount" },
      { type: "relation", name: "user", collectionId: users.id, maxSelect: 1, cascadeDelete: false },
      ...stamps(),
    ],
    indexes: ["CREATE UNIQUE INDEX `idx_invoices_number` ON `invoices` (`number`)"],
  }));

  app.save(new Collection({
    type: "auth", name: "service_accounts", viewRule: "id = @request.auth.id",
    passwordAuth: { enabled: false, identityFields: ["email"] },
    fields: [
      { type: "email", name: "email", required: false, system: true },
      { type: "text", name: "label", required: true, max: 100, presentable: true },
      { type: "bool", name: "disabled" },
      ...stamps(),
    ],
  }));

  app.save(new Collection({
    type: "base", name: "data", listRule: IS_LIVE_SERVICE, viewRule: IS_LIVE_SERVICE,
    fields: [
      { type: "text", name: "key", required: true, max: 100, presentable: true },
      { type: "json", name: "value" },
      ...stamps(),
    ],
    indexes: ["CREATE UNIQUE INDEX `idx_data_key` ON `data` (`key`)"],
  }));
}, (app) => {
  for (const name of ["data", "service_accounts", "invoices", "comments", "posts"]) {
    app.delete(app.findCollectionByNameOrId(name));
  }

  const users = app.findCollectionByNameOrId("users");
  users.indexes = users.indexes.filter((index) => USER_INDEXES.indexOf(index) < 0);
  for (const name of USER_FIELDS) {
    users.fields.removeByName(name);
  }
  users.authRule = "";
  users.authAlert.enabled = true;
  users.listRule = users.viewRule = users.updateRule = users.deleteRule = "id = @request.auth.id";
  users.createRule = "";
  app.save(users);

  app.delete(app.findCollectionByNameOrId("teams"));
});
