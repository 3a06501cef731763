// Six teams, sixty members and two service accounts. Names and addresses are as varied as those of a real community:
// many scripts, and the characters that break careless searching and rendering.

const TEAMS = [
  ["t3am7edit0rial1", "Editorial"],
  ["t3am2des1gn4x9q", "Design"],
  ["t3am5transl8at0", "Translation"],
  ["t3am9events6k2m", "Events"],
  ["t3am4partn3rs7w", "Partners"],
  ["t3am1moderat10n", "Moderation"],
];

// [name, username, e-mail, team (index, or null), created, extra]
const MEMBERS = [
  ["Ada Lovelace", "ada", "ada@example.com", 0, "2025-03-02 09:14:22.107Z", { id: "u8k2m1c0a3l9x7q", emailVisibility: true, bio: "Poetical science, mostly in footnotes." }],
  ["Adam Brandt", "adam.b", "adam.b@example.com", 1, "2024-07-19 15:40:03.518Z", { id: "p0d9s8f7g6h5j4k", bio: "Typesetter. Ask me about ligatures." }],
  ["Adaeze Nwosu", "adaeze", "adaeze@example.org", null, "2026-11-11 18:27:45.930Z", { id: "z1x2c3v4b5n6m7l", verified: false }],
  ["Adalbert Kiss", "kiss.a", "kiss.a@example.net", 4, "2023-01-04 07:55:10.244Z", { id: "q9w8e7r6t5y4u3i", protected: true, internal_note: "Public figure: asked for a second pair of eyes on every support view." }],
  ["Harbour Team", "harbour", "team@example.com", 5, "2022-12-01 08:00:00.000Z", { id: "h4rb0urt3am2k7x", emailVisibility: true, bio: "Announcements from the people who keep the lights on." }],
  ["Tom Ashworth", "tom.ashworth", "tom.ashworth@example.com", 4, "2025-01-20 11:02:31.412Z", { id: "t0m4shw0rth8b3n", bio: "Prices, contracts, tea." }],
  ["Victor Lindqvist", "victor.l", "victor.l@example.net", 3, "2025-05-06 20:18:09.055Z", { id: "d1s4bl3dv1ct0r9", disabled: true, internal_note: "Switched off after repeated spam; appeal open until the end of the year." }],
  ["Mallory Finch", "mallory", "mallory@example.net", 2, "2026-02-13 23:59:58.999Z", { id: "m4ll0ryf1nch7z2", bio: "<img src=x onerror=alert('bio')> I test what your renderer does.", internal_note: "Posts hostile markup on purpose; harmless so far." }],
  ["Siobhán O'Brien", "siobhan.obrien", "siobhan.o'brien@example.com", 0],
  ["Jürgen Müller", "juergen", "juergen.mueller@example.com", 1],
  ["Zoë Ångström", "zoe", "zoe.angstrom@example.org", 1],
  ["Łukasz Żółć", "lukasz.zolc", "lukasz@example.net", 2],
  ["Ñusta Quispe", "nusta", "nusta.quispe@example.com", 3],
  ["Çağla Şimşek", "cagla", "cagla.simsek@example.org", 2],
  ["Ingrid Bjørnsdatter", "ingrid", "ingrid@example.net", 3],
  ["Þóra Guðmundsdóttir", "thora", "thora.g@example.com", 0],
  ["Nguyễn Thị Minh Khai", "minhkhai", "minh.khai@example.org", 2],
  ["Γιώργος Παπαδόπουλος", "giorgos", "giorgos.p@example.com", 4],
  ["Ελένη Νικολάου", "eleni", "eleni@example.net", 1],
  ["Анна Каренина", "anna.k", "anna.k@example.com", 0],
  ["Дмитрий Соколов", "dmitry", "dmitry.sokolov@example.org", 4],
  ["Олена Шевчук", "olena", "olena@example.net", 2],
  ["محمد الفارسي", "m.farsi", "m.farsi@example.com", 3],
  ["ليلى حداد", "layla", "layla@example.org", 2],
  ["נועה כהן", "noa", "noa.cohen@example.net", 1],
  ["王小明", "xiaoming", "wang.xiaoming@example.com", 0],
  ["李娜", "lina", "li.na@example.org", 4],
  ["佐藤 花子", "hanako", "hanako@example.net", 1],
  ["鈴木 一郎", "ichiro", "ichiro.suzuki@example.com", 2],
  ["김민준", "minjun", "minjun.kim@example.org", 3],
  ["이서연", "seoyeon", "seoyeon@example.net", 1],
  ["आरव शर्मा", "aarav", "aarav.sharma@example.com", 0],
  ["प्रिया वर्मा", "priya", "priya@example.org", 2],
  ["மீனா சுப்ரமணியம்", "meena", "meena.s@example.net", 5],
  ["สมชาย ใจดี", "somchai", "somchai@example.com", 3],
  ["ნინო ბერიძე", "nino", "nino.beridze@example.org", 5],
  ["Արամ Սարգսյան", "aram", "aram@example.net", 4],
  ["ሰላም ተስፋዬ", "selam", "selam.t@example.com", 5],
  ["François d'Aubigné", "francois", "francois.daubigne@example.org", 0],
  ["Chloë Lefèbvre-N'Diaye", "chloe", "chloe@example.net", 3],
  ["João Gonçalves", "joao", "joao.goncalves@example.com", 4],
  ["María José Núñez", "mariajose", "mj.nunez@example.org", 5],
  ["Robert \"Bobby\" Tables", "bobby", "bobby.tables@example.com", 1, null, { bio: "Robert'); DROP TABLE posts;-- (yes, that one)" }],
  ["100% Maya", "maya100", "maya.100%@example.net", 3],
  ["under_score", "under_score", "under_score@example.com", 2],
  ["Back\\slash Bill", "backslash.bill", "bill@example.org", 4],
  ["Kai 🌊 Nakoa", "kai", "kai.nakoa@example.net", 3],
  ["<b>Bold</b> Bettina", "bettina", "bettina@example.com", 1],
  ["{{ Curly }} & Sons", "curly", "curly+sons@example.org", 4],
  ["Null Pointer", "null", "null@example.net", 5],
  ["Élodie Béranger", "elodie", "élodie@example.com", 0],
  ["José Ortega", "jose.ortega", "jose.ortega@example.org", 5],
  ["Aleksandër Hoxha", "aleksander", "aleksander.hoxha@example.net", 2],
  ["Mārtiņš Bērziņš", "martins", "martins@example.com", 4],
  ["Wanjirũ Kamau", "wanjiru", "wanjiru.kamau@example.org", 5],
  ["Tūī Parata-Wiremu", "tui", "tui@example.net", 3],
  ["Hjördis Ek", "hjordis", "hjordis.ek@example.com", null],
  ["Xan", "xan", "x@example.org", null],
  ["Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine Maximilian Theophil the Elder", "hubert", "hubert.blaine.maximilian.theophil.wolfeschlegelstein@example.net", 5],
  ["Paulette Oyelaran", "paulette", "paulette@example.com", 0],
];

const SERVICES = [
  ["s3rv1cenewsl3t7", "Newsletter sync", "2025-02-11 10:00:00.000Z"],
  ["s3rv1cestatus9p", "Status page", "2026-06-30 14:30:00.000Z"],
];

const BIOS = [
  "Writes slowly, edits quickly.", "Second career, first newsletter.", "Paper person in a screen world.", "",
  "Here for the comments.", "Runs a small press with two cats.", "Freelance since 2016.", "",
  "Translates menus, manuals and the occasional poem.", "Learning in public.",
];

const random = ((state) => () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
})(20250302);
const below = (n) => Math.floor(random() * n);
const newId = () => Array.from({ length: 15 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[below(36)]).join("");
const at = (date) => new DateTime(date instanceof Date ? date.toISOString().replace("T", " ") : date);

const JOINED_FROM = Date.UTC(2024, 10, 20);
const JOINED_FOR = Date.UTC(2026, 10, 15) - JOINED_FROM;

migrate((app) => {
  const teams = app.findCollectionByNameOrId("teams");
  for (const [id, name] of TEAMS) {
    const team = new Record(teams, { id, name });
    team.setRaw("created", at("2022-12-01 08:00:00.000Z"));
    team.setRaw("updated", at("2022-12-01 08:00:00.000Z"));
    app.save(team);
  }

  // One bcrypt run for everybody, of a password that nobody knows: sixty would cost seconds of the first start.
  let password = null;
  const users = app.findCollectionByNameOrId("users");
  MEMBERS.forEach(([name, username, email, team, created, extra], index) => {
    const joined = at(created || new Date(JOINED_FROM + Math.floor(random() * JOINED_FOR)));
    const user = new Record(users, Object.assign({
      id: newId(), name, username, email, verified: true, emailVisibility: index % 3 === 0,
      team: team === null ? "" : TEAMS[team][0], bio: BIOS[below(BIOS.length)],
      internal_note: index % 11 === 0 ? "Paid by bank transfer once; accounts knows." : "",
    }, extra || {}));
    if (password === null) {
      user.setRandomPassword();
      password = user.getRaw("password");
    } else {
      user.setRaw("password", password);
    }
    user.setRaw("created", joined);
    user.setRaw("updated", joined);
    app.save(user);
  });

  const services = app.findCollectionByNameOrId("service_accounts");
  for (const [id, label, created] of SERVICES) {
    const service = new Record(services, { id, label });
    service.setRaw("password", password);
    service.setRaw("created", at(created));
    service.setRaw("updated", at(created));
    app.save(service);
  }
}, (app) => {
  for (const name of ["service_accounts", "users", "teams"]) {
    for (const record of app.findAllRecords(name)) {
      app.delete(record);
    }
  }
});
