// Support Console's companion for PocketBase, version 1.2
//
// Optional. Put this file, under this very name, into the folder pb_hooks beside your own hooks. It adds no collection and changes no record;
// it only concerns the tokens that Support Console has made for its view-as sessions and its test, which carry a claim "view_as". What it does:
//
//   * marks those tokens: view_as = { act: { sub: keyed hash of the acting person }, sid: session, jti: this very token, ver: this
//     version }. The claim stands last, so that everything before it is byte for byte what PocketBase itself makes.
//   * refuses what would write with such a token (403), whatever the app's rules allow the user.
//   * refuses a token that the console has ended (401), and no other token of the same user. Which ones is kept as small files in
//     pb_data/support_console_ended until they would have expired anyway, so a restart changes nothing. (A file token that was made
//     with it before lives on for its few minutes, and an open realtime connection until the console closes it.)
//   * tells the console with each answer as whom the request was seen, when the console asks for it.
//   * decides for a superuser whether rules, clause by clause, hold for users and records.
//   * lets a superuser have a token of their own marked, which can do less than they, for the test on the console's set-up page.
//
// A fault in here must not fail your app's requests: what concerns other tokens than the console's is only looked at, inside try.
//
// Hooks of your own that note "last login" in onRecordAuthRequest: it also fires when the console opens a session (and then
// e.authMethod is "", as it is at auth-refresh). To leave no trace of support at the user's record, skip the console's requests:
//
//     onRecordAuthRequest((e) => {
//       if (!(e.requestEvent.auth && e.requestEvent.auth.isSuperuser())) {   // nobody but a superuser impersonates
//         e.record.set("lastLogin", new DateTime());
//         e.app.save(e.record);
//       }
//       e.next();
//     });
//
// Where superusers make tokens for other ends too, which should count, ask for the console's header instead:
// e.requestEvent.request.header.get("X-Support-Console-Session") is "" for everybody else. In other hooks, a request of a session is
// known by the claim: $security.parseUnverifiedJWT(token).view_as.
//
// Handlers run in contexts of their own and see no variable of this file, so each takes what it needs from the file as a module.

if (typeof routerUse === "function") {
  // Right after PocketBase has read the token (-1020), before anything is done with it.
  routerUse(new Middleware((e) => {
    let refusal = null;
    try {
      require(`${__hooks}/support_console.pb.js`).stamp(e);
      refusal = require(`${__hooks}/support_console.pb.js`).judge(e);
    } catch (_) {}
    if (refusal) {
      throw refusal;
    }

    return e.next();
  }, -1015, "supportConsole"));

  // Last of all, right before the answer is made: whatever the app's own middlewares did to the request is done by now.
  routerUse(new Middleware((e) => {
    try {
      require(`${__hooks}/support_console.pb.js`).stamp(e);
    } catch (_) {}

    return e.next();
  }, 1000000, "supportConsoleStamp"));

  onRecordAuthRequest((e) => {
    try {
      require(`${__hooks}/support_console.pb.js`).mark(e);
    } catch (_) {}

    e.next();
  });

  routerAdd("GET", "/api/support-console", (e) => e.json(200, require(`${__hooks}/support_console.pb.js`).about()), $apis.requireSuperuserAuth());

  routerAdd("POST", "/api/support-console/end", (e) => {
    require(`${__hooks}/support_console.pb.js`).end(e.requestInfo().body);
    return e.noContent(204);
  }, $apis.requireSuperuserAuth());

  routerAdd("POST", "/api/support-console/decide", (e) =>
    e.json(200, require(`${__hooks}/support_console.pb.js`).decide(e.app, e.requestInfo().body)), $apis.requireSuperuserAuth());
} else {
  const version = "1.2";

  // What the console looks for; the words are part of the contract.
  const readOnly = "Support Console's access is read-only.";
  const ended = "Support Console has ended this access.";

  const tokenOf = (request) => request.header.get("Authorization").replace(/^bearer\s+/i, "");

  const folder = () => `${$app.dataDir()}/support_console_ended`;

  const missing = (fault) => /no such file|cannot find/i.test(String(fault));

  const isEnded = (jti) => {
    try {
      $os.stat(`${folder()}/${jti}`);
      return true;
    } catch (fault) {
      return !missing(fault); // Where it can't be told, the console's token is the one to go without.
    }
  };

  // What the console put into a token that PocketBase has accepted; null for every other request.
  const markOf = (e) => {
    const token = e.auth ? tokenOf(e.request) : "";
    const mark = token ? $security.parseUnverifiedJWT(token).view_as : null;
    return mark && mark.sid && mark.jti ? { sid: String(mark.sid), jti: String(mark.jti) } : null;
  };

  module.exports = {
    about: () => ({ version: version }),

    // What stands against a request: an error to throw, or null.
    judge: (e) => {
      const mark = markOf(e);
      if (!mark) {
        return null;
      }

      if (isEnded(mark.jti)) {
        e.response.header().set("X-Support-Console-Seen-As", "guest");
        return new UnauthorizedError(ended);
      }

      const method = String(e.request.method);
      const path = String(e.request.url.path);
      const reads = method === "GET" || method === "HEAD" || (method === "POST" && (path === "/api/files/token" || path === "/api/realtime"));
      return reads ? null : new ForbiddenError(readOnly);
    },

    // Whose answer this is: the header holds a value that the console made up for this one request, which no stored answer has.
    stamp: (e) => {
      const once = e.request.header.get("X-Support-Console-Read");
      if (/^[0-9a-f]{32}$/.test(once)) {
        e.response.header().set("X-Support-Console-Read", once);
        e.response.header().set("X-Support-Console-Seen-As", e.auth ? `${e.auth.collection().id}/${e.auth.id}` : "guest");
      }
    },

    // The same token with one more claim, where a superuser has it made for a session of the console's, or for its test.
    mark: (e) => {
      const request = e.requestEvent.request;
      const sid = request.header.get("X-Support-Console-Session");
      const actor = request.header.get("X-Support-Console-Actor");
      const by = e.requestEvent.auth;
      if (!/^[A-Za-z0-9._-]{1,64}$/.test(sid) || !/^[A-Za-z0-9._-]{1,64}$/.test(actor) || !by || !by.isSuperuser()) {
        return;
      }

      // A superuser is nobody's to view as; the console's own is what it tests all this with, without anybody's account.
      if (e.record.isSuperuser() && (sid !== "self-test" || e.record.id !== by.id)) {
        return;
      }

      const claims = JSON.parse(JSON.stringify($security.parseUnverifiedJWT(e.token)));
      claims.view_as = { act: { sub: actor }, sid: sid, jti: $security.randomString(32), ver: version };
      const secondsLeft = claims.exp - Math.floor(Date.now() / 1000);
      e.token = $security.createJWT(claims, e.record.tokenKey() + e.record.collection().authToken.secret, secondsLeft);
    },

    end: (body) => {
      const jti = String(body.jti);
      const exp = Number(body.exp);
      if (!/^[A-Za-z0-9]{16,64}$/.test(jti) || !(exp > 0)) {
        throw new BadRequestError("A token's jti and exp are needed.");
      }

      $os.mkdirAll(folder(), 0o700);
      $os.writeFile(`${folder()}/${jti}`, String(Math.ceil(exp)), 0o600);
      module.exports.prune();
    },

    // An ended token that has expired by itself, and an hour ago, needs no file any more.
    prune: () => {
      try {
        const now = Date.now() / 1000;
        for (const entry of $os.readDir(folder())) {
          const file = `${folder()}/${entry.name()}`;
          if (Number(toString($os.readFile(file))) + 3600 < now) {
            $os.remove(file);
          }
        }
      } catch (_) {}
    },

    // What each clause comes to for each user and each record, as a text of one letter a clause: t, f, or e for what PocketBase can't read.
    // A user or a record that isn't there has no text.
    decide: (app, body) => {
      const found = (of) => {
        const byId = {};
        for (const record of app.findRecordsByIds(of.collection, of.ids)) {
          byId[record.id] = record;
        }

        return of.ids.map((id) => byId[id]);
      };
      const records = found(body.records);
      const clauses = body.clauses.map(String);
      const decided = found(body.users).map((user) => {
        const info = user && new RequestInfo({ context: "default", method: "GET", query: {}, headers: {}, body: {}, auth: user });
        return records.map((record) => user && record ? clauses.map((clause) => {
          try {
            return app.canAccessRecord(record, info, clause) ? "t" : "f";
          } catch (_) {
            return "e";
          }
        }).join("") : null);
      });
      return { decided: decided };
    },
  };
}
