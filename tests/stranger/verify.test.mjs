// node --test tests/stranger
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Log, canonical, group, newKey } from "./writer.mjs";

const folder = mkdtempSync(join(tmpdir(), "stranger-"));
after(() => rmSync(folder, { recursive: true }));

const program = (name) => fileURLToPath(new URL(name, import.meta.url));
let files = 0;

function fileOf(content) {
  const file = join(folder, `${files++}`);
  writeFileSync(file, content);
  return file;
}

/** The answers to many requests, from one process; contents instead of files. */
function judge(requests) {
  const input = requests.map(({ kind, contents, keys }) => JSON.stringify({ kind, files: contents.map(fileOf), keys }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [program("verify.mjs"), "batch"], {
    input: input.map((line) => `${line}\n`).join(""), encoding: "utf8", maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  const answers = stdout.split("\n").slice(0, -1);
  assert.equal(answers.length, requests.length);
  return answers;
}

/** One test per case {name, content or contents, keys, expected: a start of the answer, because: a part of it}. */
function cases(kind, list) {
  const answers = judge(list.map(({ content, contents = [content], keys }) => ({ kind, contents, keys })));
  list.forEach(({ name, expected, because = "" }, at) => test(name, () => {
    const answer = answers[at];
    assert.ok(answer.startsWith(expected) && answer.includes(because), `${answer} is not ${expected} … ${because}`);
  }));
}

// --- A log of 41 events ---

const ORIGIN = "support-console/0123456789abcdef";
const SIZE = 41;
const NASTY = 'Zoë "Q" \\ \u0001\t\u007f\u2028 😀';

function entryAt(index, { versions = [1, 2, 3], change = {}, personal = true } = {}) {
  const v = versions[index] ?? versions.at(-1);
  const by = group({ client: `10.0.0.${index}`, name: NASTY }, index);
  const about = group({ detail: "", reason: "asked by phone", subject: `User ${index}`, ticket: "T-1" }, index + 100);
  const has = { by: v === 3 && personal && index % 4 !== 0, about: v === 3 && personal && index % 4 > 1 };
  const event = {
    seq: index + 1, v, time: "2025-01-02T03:04:05.000006Z", type: "user.viewed", outcome: "success",
    actor: { id: `staff${index}`, roles: ["support"] }, subject: { collection: "users", id: "u1" },
    ...(has.by && { by: by.commitment }), ...(has.about && { about: about.commitment }), ...change,
  };
  const groups = { ...(has.about && { about: about.group }), ...(has.by && { by: by.group }) };
  return { event: canonical(event), ...((has.by || has.about) && { personal: groups }) };
}

const entries = Array.from({ length: SIZE }, (_, index) => entryAt(index));
const erased = { erased: "2025-02-03T04:05:06.000007Z" };
entries[7].personal.about = erased;
entries[39].personal = { about: erased, by: erased };

const log = new Log(ORIGIN, entries);
const keys = log.vkeys;
const other = new Log("support-console/fedcba9876543210", entries);

// Lines 2 to 9: version 1, version 2, by, both, one erased, none, both erased, none
const INDEXES = [0, 1, 5, 6, 7, 20, 39, 40];
const lines = () => structuredClone(log.export(INDEXES));
const render = (objects) => objects.map((object) => `${typeof object === "string" ? object : JSON.stringify(object)}\n`).join("");
const text = render(lines());

/** The export after something was done to its lines as objects. */
function edited(edit) {
  const copy = lines();
  return render(edit(copy) ?? copy);
}

/** The export as it was written before exports had a last line. */
const before = (objects) => render([{ ...objects[0], format: "support-console-audit/1" }, ...objects.slice(1, -1)]);

/** The export with a line of it written otherwise. */
const rewritten = (number, write) => render(lines().map((line, at) => (at === number - 1 ? write(JSON.stringify(line)) : line)));

const flip = (base64) => {
  const bytes = Buffer.from(base64, "base64");
  bytes[bytes.length - 1] ^= 1;
  return bytes.toString("base64");
};
/** The last bits before the padding are not nought, which a lenient reader doesn't see. */
const slack = (base64) => base64.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`);

/** The text in bytes, with one that no UTF-8 has in the place of what was looked for. */
const noUtf8 = (content, found) => {
  const bytes = Buffer.from(content);
  return bytes.fill(0xff, bytes.indexOf(found), bytes.indexOf(found) + 1);
};

/** The note with the signature of its n-th line (from the end) wrong. */
const flippedNote = (note, at = -1) => {
  const parts = note.trimEnd().split("\n");
  const signature = parts.at(at).split(" ");
  signature[2] = flip(signature[2]);
  parts.splice(at, 1, signature.join(" "));
  return `${parts.join("\n")}\n`;
};

/** An export of a log whose signed event at index 2 is a wrong one: tampering before the log, not after. */
const signedWrongly = (event, personal) => {
  const copy = [...entries];
  copy[2] = { event, ...(personal && { personal }) };
  return render(new Log(ORIGIN, copy, log.keys).export([1, 2, 3]));
};

/** A case of an export that is bad at a line. */
const bad = (name, line, because, content, known = keys) => ({ name, content, keys: known, expected: `bad: line ${line}: `, because });

describe("an export that holds", () => {
  const two = new Log(ORIGIN, entries, [newKey(ORIGIN), newKey(ORIGIN)]);
  const rotated = render(two.export(INDEXES));
  const broken = render(two.export(INDEXES, SIZE, flippedNote(two.checkpoint(SIZE))));
  const witness = newKey("witness.example/w", 4);
  const watched = [...keys, witness.vkey];
  const cosigned = render(log.export(INDEXES, SIZE, log.checkpoint(SIZE) + witness.cosign(log.text(), 1700000000)));
  const doubtful = render(log.export(INDEXES, SIZE, flippedNote(log.checkpoint(SIZE) + witness.cosign(log.text(), 1700000000))));

  const turn = (value) => (typeof value !== "object" || Array.isArray(value) ? value
    : Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, turn(member)])));
  const turned = edited((l) => l.map(turn));
  const old = signedWrongly(entryAt(2, { versions: [2], change: { by: "me" } }).event);
  const namesake = newKey(ORIGIN, 4);
  const unsigned = render(log.export([1], SIZE, `${log.text()}\n${namesake.cosign(log.text(), 1)}`));
  const escaped = text.replaceAll("ë", "\\u00eb").replaceAll("😀", "\\uD83D\\ude00");

  cases("export", [
    { name: "as written", content: text, keys, expected: `good export of 8 events, ${ORIGIN} of size 41` },
    { name: "with every event", content: render(log.export([...entries.keys()])), keys, expected: "good export of 41 events" },
    { name: "with none", content: render(log.export([])), keys, expected: "good export of 0 events" },
    { name: "of an empty log", content: render(new Log(ORIGIN, [], log.keys).export([])), keys, expected: "good export of 0 events" },
    { name: "with a line left out, since it needn't be whole", content: edited((l) => l.toSpliced(3, 1).with(-1, { events: 7 })), keys, expected: "good export of 7" },
    { name: "of before there was a last line", content: before(lines()), keys, expected: "good export of 8 events" },
    { name: "of before there was a last line, cut off, which isn't seen", content: before(lines().toSpliced(-3, 2)), keys, expected: "good export of 6 events" },
    { name: "with members in another order", content: turned, keys, expected: "good" },
    { name: "with a member of version 3 in an event of version 2", content: old, keys, expected: "good" },
    { name: "with characters escaped that needn't be", content: escaped, keys, expected: "good" },
    { name: "with a group erased since", content: edited((l) => { l[4].personal.by = erased; }), keys, expected: "good" },
    { name: "while a key is replaced, for who knows the old one", content: rotated, keys: [two.vkeys[0]], expected: "good" },
    { name: "while a key is replaced, for who knows the new one", content: rotated, keys: [two.vkeys[1]], expected: "good" },
    { name: "while a key is replaced, for who knows both", content: rotated, keys: two.vkeys, expected: "good" },
    { name: "with a wrong signature of an unknown key", content: broken, keys: [two.vkeys[0]], expected: "good" },
    { name: "cosigned by a known witness", content: cosigned, keys: watched, expected: "good", because: ", cosigned by witness.example/w" },
    { name: "cosigned by an unknown witness", content: doubtful, keys, expected: "good" },
  ]);
  cases("export", [
    bad("not, when one of two known keys didn't sign this", 1, "doesn't verify", broken, two.vkeys),
    bad("not, when only the broken one is known", 1, "doesn't verify", broken, [two.vkeys[1]]),
    bad("not, when a known witness didn't sign this", 1, "doesn't verify", doubtful, watched),
    bad("not, when nobody but a witness signed, of the log's name", 1, "no known key", unsigned, [...keys, namesake.vkey]),
    bad("not, when nobody but a witness is known", 1, "no known key", cosigned, [witness.vkey]),
  ]);
});

describe("an export that was tampered with", () => {
  const swap = (list, a, b) => { [list[a], list[b]] = [list[b], list[a]]; };
  const noteOf = (change) => edited((l) => { l[0].checkpoint = change(l[0].checkpoint); });
  const signed = (checkpoint) => edited((l) => { l[0].checkpoint = log.checkpoint(SIZE, checkpoint); });

  cases("export", [
    // The first line
    bad("an empty file", 1, "empty", ""),
    bad("a newline alone", 1, "no JSON object", "\n"),
    bad("the first line dropped", 1, "no format", edited((l) => l.slice(1))),
    bad("the first line twice", 2, "no index", edited((l) => [l[0], ...l])),
    bad("a format of tomorrow", 1, "format", edited((l) => { l[0].format = "support-console-audit/3"; })),
    bad("no checkpoint", 1, "no checkpoint", edited((l) => { delete l[0].checkpoint; })),
    bad("a checkpoint that is no string", 1, "no string", edited((l) => { l[0].checkpoint = [l[0].checkpoint]; })),
    bad("a member too many in the first line", 1, "isn't known", edited((l) => { l[0].size = SIZE; })),
    bad("a byte order mark", 1, "no JSON object", `\ufeff${text}`),
    bad("the key of another log", 1, "no known key", text, other.vkeys),
    bad("another key of the same name", 1, "no known key", text, [newKey(ORIGIN).vkey]),
    bad("the note's signature flipped", 1, "doesn't verify", noteOf(flippedNote)),
    bad("a second line of the same key, flipped", 1, "doesn't verify", noteOf((note) => note + flippedNote(note).split("\n").at(-2) + "\n")),
    bad("the note's root another", 1, "doesn't verify", noteOf((note) => note.replace(/\n([^\n]{44})\n/, (_, root) => `\n${flip(root)}\n`))),
    bad("the note's size another", 1, "doesn't verify", noteOf((note) => note.replace("\n41\n", "\n42\n"))),
    bad("the note of another log", 1, "no known key", noteOf(() => other.checkpoint(SIZE))),
    bad("another log's note under this log's key", 1, "no known key", signed(other.text())),
    bad("a fourth line in the note", 1, "three lines", signed(`${log.text()}more\n`)),
    bad("an empty fourth line in the note", 1, "isn't origin", signed(`${log.text()}\n`)),
    bad("a size with a leading zero", 1, "no plain number", signed(log.text().replace("\n41\n", "\n041\n"))),
    bad("a root that isn't canonical base64", 1, "no base64", signed(log.text().replace(/.=\n$/, (end) => `${slack(end.slice(0, 2))}\n`))),
    bad("a root of 31 bytes", 1, "no base64", signed(`${ORIGIN}\n41\n${Buffer.alloc(31).toString("base64")}\n`)),
    bad("no leaves under a root of some", 1, "no leaves", signed(log.text().replace("\n41\n", "\n0\n"))),
    bad("no signature", 1, "no signature", noteOf((note) => note.slice(0, note.lastIndexOf("\n\n") + 2))),
    bad("a note without its end", 1, "doesn't end", noteOf((note) => note.slice(0, -1))),
    bad("a hyphen for the dash", 1, "malformed", noteOf((note) => note.replace("—", "-"))),
    bad("a note with CRLF", 1, "control character", noteOf((note) => note.replaceAll("\n", "\r\n"))),

    // The event and its place
    bad("a byte of an event", 4, "doesn't lead", edited((l) => { l[3].event = l[3].event.replace("users", "userz"); })),
    bad("an event written with white space", 4, "doesn't lead", edited((l) => { l[3].event = l[3].event.replace(",", ", "); })),
    bad("two events swapped", 4, "seq", edited((l) => { [l[3].event, l[4].event] = [l[4].event, l[3].event]; })),
    bad("an index one more", 4, "seq", edited((l) => { l[3].index++; })),
    bad("two indexes swapped", 4, "seq", edited((l) => { [l[3].index, l[4].index] = [l[4].index, l[3].index]; })),
    bad("index and seq one more", 2, "doesn't lead", edited((l) => { l[1].index++; l[1].event = l[1].event.replace('"seq":1,', '"seq":2,'); })),
    bad("lines in another order", 4, "seq", edited((l) => { swap(l, 3, 4); l[3].index = 5; })),
    bad("two lines swapped", 5, "not above", edited((l) => swap(l, 3, 4))),
    bad("a line twice", 5, "not above", edited((l) => l.toSpliced(4, 0, l[3]))),
    bad("an index not below the size", 9, "not below", render(log.export(INDEXES, 40, log.checkpoint(40)).with(-1, log.export([40])[1]))),
    bad("an event that is an object", 4, "no string", edited((l) => { l[3].event = JSON.parse(l[3].event); })),
    bad("an event that is no JSON", 4, "no JSON", edited((l) => { l[3].event = l[3].event.slice(1); })),
    bad("no event", 4, "no event", edited((l) => { delete l[3].event; })),

    // The proof
    bad("a byte of a proof", 4, "doesn't lead", edited((l) => { l[3].proof[0] = flip(l[3].proof[0]); })),
    bad("the last hash of a proof", 4, "doesn't lead", edited((l) => { l[3].proof.push(flip(l[3].proof.pop())); })),
    bad("a proof turned", 4, "doesn't lead", edited((l) => { l[3].proof.reverse(); })),
    bad("a proof without its last hash", 4, "doesn't lead", edited((l) => { l[3].proof.pop(); })),
    bad("a proof with a hash too many", 4, "doesn't lead", edited((l) => { l[3].proof.push(l[3].proof[0]); })),
    bad("a proof without an end", 4, "no list", edited((l) => { l[3].proof = Array(10000).fill(l[3].proof[0]); })),
    bad("two proofs swapped", 4, "doesn't lead", edited((l) => { [l[3].proof, l[4].proof] = [l[4].proof, l[3].proof]; })),
    bad("a proof for another size", 9, "doesn't lead", edited((l) => { l[8].proof.shift(); })),
    bad("no proof", 4, "no proof", edited((l) => { delete l[3].proof; })),
    bad("a proof that is a string", 4, "no list", edited((l) => { l[3].proof = l[3].proof.join(","); })),
    bad("base64 that isn't canonical", 4, "no base64", edited((l) => { l[3].proof[0] = slack(l[3].proof[0]); })),
    bad("base64 without padding", 4, "no base64", edited((l) => { l[3].proof[0] = l[3].proof[0].slice(0, -1); })),
    bad("base64 with a space", 4, "no base64", edited((l) => { l[3].proof[0] = `${l[3].proof[0]} `; })),
    bad("base64 of URLs", 4, "no base64", edited((l) => { l[3].proof[0] = l[3].proof[0].replace(/^./, "_"); })),
    bad("a hash of 33 bytes", 4, "no base64", edited((l) => { l[3].proof[0] = Buffer.alloc(33).toString("base64"); })),
    bad("a hash that is a number", 4, "no base64", edited((l) => { l[3].proof[0] = 1; })),

    // Personal text
    bad("a text altered", 5, "committed", edited((l) => { l[4].personal.about.text.reason = "no reason"; })),
    bad("a text more", 5, "committed", edited((l) => { l[4].personal.about.text.more = ""; })),
    bad("a text less", 5, "committed", edited((l) => { delete l[4].personal.about.text.detail; })),
    bad("a text that is a number", 5, "a text that is none", edited((l) => { l[4].personal.about.text.reason = 1; })),
    bad("a salt altered", 5, "committed", edited((l) => { l[4].personal.about.salt = flip(l[4].personal.about.salt); })),
    bad("a salt of 31 bytes", 5, "salt", edited((l) => { l[4].personal.about.salt = Buffer.alloc(31).toString("base64"); })),
    bad("two groups swapped", 5, "committed", edited((l) => { const { by, about } = l[4].personal; l[4].personal = { by: about, about: by }; })),
    bad("the groups of another event", 5, "committed", edited((l) => { l[4].personal = log.export([10])[1].personal; })),
    bad("no personal text where some was committed to", 5, "missing", edited((l) => { delete l[4].personal; })),
    bad("a group missing", 5, "no about", edited((l) => { delete l[4].personal.about; })),
    bad("a group that nothing was committed to", 4, "isn't known", edited((l) => { l[3].personal.about = erased; })),
    bad("personal text that nothing was committed to", 7, "no commitment", edited((l) => { l[6].personal = { by: erased }; })),
    bad("personal text that is empty", 7, "no commitment", edited((l) => { l[6].personal = {}; })),
    bad("personal text that is null", 7, "no commitment", edited((l) => { l[6].personal = null; })),
    bad("personal text beside version 1", 2, "no commitment", edited((l) => { l[1].personal = { by: erased }; })),
    bad("personal text that is a string", 5, "personal is no object", edited((l) => { l[4].personal = "by"; })),
    bad("a group that is null", 5, "no object", edited((l) => { l[4].personal.by = null; })),
    bad("a group erased and kept", 5, "isn't known", edited((l) => { l[4].personal.by.erased = erased.erased; })),
    bad("a group erased at no time", 6, "no time", edited((l) => { l[5].personal.about = { erased: "" }; })),
    bad("a group erased in words", 6, "no time", edited((l) => { l[5].personal.about = { erased: "February 3, 2025" }; })),
    bad("a group erased in month 13", 6, "no time", edited((l) => { l[5].personal.about = { erased: "2025-13-03T04:05:06Z" }; })),
    bad("a group erased by yes", 6, "no time", edited((l) => { l[5].personal.about = { erased: true }; })),
    bad("a member that JavaScript hides", 5, "isn't known", rewritten(5, (line) => line.replace('"personal":{', '"personal":{"__proto__":{},'))),

    // The line
    bad("CRLF", 1, "no JSON object", text.replaceAll("\n", "\r\n")),
    bad("CRLF at one line", 4, "no JSON object", rewritten(4, (line) => `${line}\r`)),
    bad("a space before a line", 4, "no JSON object", rewritten(4, (line) => ` ${line}`)),
    bad("an empty line", 4, "no JSON object", edited((l) => l.toSpliced(3, 0, ""))),
    bad("an empty line at the end", 11, "no JSON object", `${text}\n`),
    bad("no newline at the end", 10, "newline", text.slice(0, -1)),
    bad("a line torn off", 9, "newline", text.slice(0, -100)),
    bad("the last line dropped", 10, "cut off", edited((l) => l.slice(0, -1))),
    bad("the last lines dropped", 8, "cut off", edited((l) => l.slice(0, 7))),
    bad("everything dropped but the first line", 2, "cut off", edited((l) => l.slice(0, 1))),
    bad("a line left out of those that were counted", 9, "another number", edited((l) => l.toSpliced(3, 1))),
    bad("a count one more", 10, "another number", edited((l) => { l[9].events++; })),
    bad("a count as a string", 10, "another number", edited((l) => { l[9].events = "8"; })),
    bad("a count with a fraction", 10, "another number", rewritten(10, (line) => line.replace("8", "8.0"))),
    bad("a member too many in the last line", 10, "isn't known", edited((l) => { l[9].more = 1; })),
    bad("the last line twice", 11, "behind the last line", edited((l) => [...l, l[9]])),
    bad("an event behind the last line", 5, "another number", edited((l) => [l[0], l[1], l[2], l[3], { events: 8 }, ...l.slice(4, 9)])),
    bad("an event behind a last line that counts right", 6, "behind the last line", edited((l) => [...l.slice(0, 4), { events: 3 }, ...l.slice(4, 9)])),
    bad("a last line where there is none yet", 10, "no index", before([...lines(), {}])),
    bad("an event that the log gave out as damaged", 4, "damaged", edited((l) => { l[3] = { index: 5, damaged: "e30=" }; })),
    bad("a damaged one where there is none yet", 4, "no event", before(lines().with(3, { index: 5, damaged: "e30=" }))),
    bad("two objects in a line", 4, "no JSON", rewritten(4, (line) => line + line)),
    bad("an array", 4, "no JSON object", rewritten(4, (line) => `[${line}]`)),
    bad("a comma too many", 4, "no JSON", rewritten(4, (line) => line.replace("}", ",}"))),
    bad("a colon for a comma", 4, "no JSON", rewritten(4, (line) => line.replace(",", ":"))),
    bad("a comment", 4, "no JSON", rewritten(4, (line) => line.replace("{", "{/**/"))),
    bad("a member too many", 4, "isn't known", edited((l) => { l[3].note = ""; })),
    bad("a member twice", 4, "twice", rewritten(4, (line) => line.replace("{", '{"index":5,'))),
    bad("a member twice, once escaped", 4, "twice", rewritten(4, (line) => line.replace("{", '{"\\u0069ndex":5,'))),
    bad("an index as a string", 4, "index is no plain number", edited((l) => { l[3].index = "5"; })),
    bad("an index with a fraction", 4, "index is no plain number", rewritten(4, (line) => line.replace('"index":5', '"index":5.0'))),
    bad("an index with an exponent", 4, "index is no plain number", rewritten(4, (line) => line.replace('"index":5', '"index":5e0'))),
    bad("an index with a leading zero", 4, "no JSON", rewritten(4, (line) => line.replace('"index":5', '"index":05'))),
    bad("an index of minus zero", 2, "index is no plain number", rewritten(2, (line) => line.replace('"index":0', '"index":-0'))),
    bad("an index beyond exact numbers", 9, "index is no plain number", rewritten(9, (line) => line.replace('"index":40', '"index":9007199254740993'))),
    bad("half of a surrogate pair", 4, "surrogate", rewritten(4, (line) => line.replace("users", "\\ud83d"))),
    bad("a control character in a string", 4, "no JSON", rewritten(4, (line) => line.replace("users", "us\ters"))),
    bad("bytes that are no UTF-8", 4, "UTF-8", noUtf8(text, "staff5")),
    bad("a line of a megabyte and more", 4, "too long", rewritten(4, (line) => line.replace("{", `{${" ".repeat(1 << 20)}`))),
    bad("a line of almost a megabyte of quotes", 4, "doesn't lead", rewritten(4, (line) => line.replace("staff5", '\\\\\\"'.repeat(240000)))),
    bad("deep arrays", 4, "too deep", rewritten(4, (line) => line.replace('"proof":[', `"proof":[${"[".repeat(500000)}`))),
    bad("deep objects", 4, "too deep", rewritten(4, (line) => line.replace('{', `{"a":${'{"a":'.repeat(100000)}`))),
    bad("a deep event", 4, "too deep", edited((l) => { l[3].event = `{"a":${"[".repeat(500000)}`; })),

    // What the log signed, but may not have
    bad("a size above that of the root's tree", 2, "doesn't lead", render(log.export([1], 8, log.checkpoint(16, log.text(8).replace("\n8\n", "\n16\n"))))),
    bad("a seq that isn't the place", 3, "seq", signedWrongly(entryAt(2, { change: { seq: 4 } }).event, entryAt(2).personal)),
    bad("a seq that is a string", 3, "seq", signedWrongly(entryAt(2, { change: { seq: "3" } }).event, entryAt(2).personal)),
    bad("a seq with a fraction", 3, "seq", signedWrongly(entries[2].event.replace('"seq":3', '"seq":3.0'), entries[2].personal)),
    bad("two seqs", 3, "twice", signedWrongly(entries[2].event.replace("{", '{"seq":9,'), entries[2].personal)),
    bad("a version of tomorrow", 3, "version", signedWrongly(entryAt(2, { change: { v: 4 } }).event, entries[2].personal)),
    bad("no version", 3, "version", signedWrongly(entries[2].event.replace(',"v":3', ""), entries[2].personal)),
    bad("an event that is an array", 3, "no object", signedWrongly("[3]")),
    bad("a commitment that is null", 3, "event's by", signedWrongly(entryAt(2, { change: { by: null } }).event, entries[2].personal)),
    bad("an event with a byte order mark", 3, "no JSON", signedWrongly(`\ufeff${entries[2].event}`, entries[2].personal)),
  ]);
});

describe("every byte of what is handed out", () => {
  // Without erased groups, whose times nothing vouches for, and unknown signatures
  const small = new Log(ORIGIN, Array.from({ length: 3 }, (_, index) => entryAt(index)), log.keys);
  const contents = { export: render(small.export([0, 2])), proof: small.proof(1), checkpoint: small.checkpoint(3) };

  for (const [kind, content] of Object.entries(contents)) {
    test(`can't be changed in ${kind}`, () => {
      const bytes = Buffer.from(content);
      const requests = [...bytes.keys()].flatMap((at) => [0x01, 0x20, 0x80].map((bit) => {
        const copy = Buffer.from(bytes);
        copy[at] ^= bit;
        return { kind, contents: [copy], keys, at };
      }));
      const answers = judge([{ kind, contents: [content], keys }, ...requests]);
      assert.match(answers[0], /^good /);
      answers.slice(1).forEach((answer, n) => assert.match(answer, /^bad: /, `byte ${requests[n].at}: ${answer}`));
    });

    test(`can't be left out at the end of ${kind}, not even whole lines of an export`, () => {
      const bytes = Buffer.from(content);
      const answers = judge([...bytes.keys()].map((length) => ({ kind, contents: [bytes.subarray(0, length)], keys })));
      answers.forEach((answer, length) =>
        assert.equal(answer.startsWith("good "), false, `${length}: ${answer}`));
    });
  }
});

describe("a proof of one event", () => {
  const proof = log.proof(6);
  const witness = newKey("witness.example/w", 4);
  const bad = (name, because, content, known = keys) => ({ name, content, keys: known, expected: "bad: ", because });
  const extra = (bytes) => proof.replace(/extra .*/, `extra ${Buffer.from(bytes).toString("base64")}`);
  cases("proof", [
    { name: "holds", content: proof, keys, expected: "good proof of event 7, " },
    { name: "holds in a log of one", content: new Log(ORIGIN, entries.slice(0, 1), log.keys).proof(0), keys, expected: "good proof of event 1, " },
    { name: "holds with a cosignature", content: proof + witness.cosign(log.text(), 1), keys: [...keys, witness.vkey], expected: "good", because: "cosigned" },
    bad("an empty file", "no checkpoint", ""),
    bad("another format", "format", proof.replace("@v1", "@v2")),
    bad("no extra", "no extra", proof.replace(/extra .*\n/, "")),
    bad("an extra that isn't canonical base64", "no base64", proof.replace(/extra .*/, "$&=")),
    bad("an extra of another event", "seq", extra(entries[5].event)),
    bad("an extra of a byte less", "no JSON", extra(entries[6].event.slice(0, -1))),
    bad("an extra with another actor", "doesn't lead", extra(entries[6].event.replace("staff6", "staff7"))),
    bad("an extra that is no UTF-8", "UTF-8", extra([0xff])),
    bad("no index", "no index", proof.replace("index 6\n", "")),
    bad("another index", "seq", proof.replace("index 6\n", "index 7\n")),
    bad("an index with a leading zero", "no plain number", proof.replace("index 6\n", "index 06\n")),
    bad("an index with a sign", "no plain number", proof.replace("index 6\n", "index +6\n")),
    bad("an index that is none", "no plain number", proof.replace("index 6\n", "index \n")),
    bad("an index not below the size", "not below", proof.replace("index 6\n", "index 41\n")),
    bad("index and extra in the other order", "no extra", proof.replace(/(extra .*\n)(index .*\n)/, "$2$1")),
    bad("a hash altered", "doesn't lead", proof.replace(/(index 6\n)(.*)/, (_, index, hash) => index + flip(hash))),
    bad("a hash dropped", "doesn't lead", proof.replace(/(index 6\n).*\n/, "$1")),
    bad("a hash twice", "doesn't lead", proof.replace(/(index 6\n)(.*\n)/, "$1$2$2")),
    bad("very many hashes", "too many", proof.replace(/(index 6\n)(.*\n)/, (_, index, hash) => index + hash.repeat(9999))),
    bad("a hash with a space", "no base64", proof.replace(/(index 6\n.*)/, "$1 ")),
    bad("CRLF", "no checkpoint", proof.replaceAll("\n", "\r\n")),
    bad("a byte order mark", "format", `\ufeff${proof}`),
    bad("two empty lines before the checkpoint", "", proof.replace("\n\n", "\n\n\n")),
    bad("something after the checkpoint", "malformed", `${proof}more\n`),
    bad("an empty line after the checkpoint", "", `${proof}\n`),
    bad("the checkpoint of another size", "doesn't lead", proof.replace(/\n\n[^]*/, `\n\n${log.checkpoint(7)}`)),
    bad("the key of another log", "no known key", proof, other.vkeys),
    bad("two megabytes", "too long", proof + "x".repeat(2 << 20)),
  ]);
});

describe("a checkpoint", () => {
  const note = log.checkpoint(SIZE);
  const witness = newKey("witness.example/w", 4);
  const known = [...keys, witness.vkey];
  const at = (time) => note + witness.cosign(log.text(), time);
  const cut = (length) => note.replace(/ ([^ ]+)\n$/, (_, base64) => ` ${Buffer.from(base64, "base64").toString("base64", 0, length)}\n`);
  const strangers = Array.from({ length: 40 }, (_, n) => newKey(`x${n}`).line(log.text())).join("");
  const bad = (name, because, content, vkeys = keys) => ({ name, content, keys: vkeys, expected: "bad: ", because });
  cases("checkpoint", [
    { name: "holds", content: note, keys, expected: `good checkpoint ${ORIGIN} of size 41` },
    { name: "holds with the last time there is", content: at(2n ** 63n - 1n), keys: known, expected: "good", because: "cosigned by" },
    { name: "holds among many signatures of strangers", content: note + strangers, keys, expected: "good" },
    { name: "holds beside an unknown algorithm", content: `${note}— ${ORIGIN} ${Buffer.alloc(2424, 7).toString("base64")}\n`, keys, expected: "good" },
    bad("cosigned after the end of time", "doesn't verify", at(2n ** 63n), known),
    bad("cosigned for another text", "doesn't verify", note + witness.cosign(log.text(40), 1), known),
    bad("with a cosignature that is a plain signature", "doesn't verify", note + witness.line(log.text()), known),
    bad("with a signature cut short", "doesn't verify", cut(67)),
    bad("with a signature of the key's id alone", "malformed", cut(4)),
    bad("with a signature that isn't canonical base64", "malformed", note.replace(/.\n$/, "\n")),
    bad("with two spaces", "malformed", note.replace("— ", "—  ")),
    bad("with a plus in a name", "malformed", `${note}— a+b AAAAAAAA\n`),
    bad("with a Unicode space in a name", "malformed", `${note}— a\u2003b AAAAAAAA\n`),
    bad("with something between the signatures", "malformed", note.replace(/\n— /, "\nhello\n— ")),
    bad("with a tab", "control", note.replace("support", "\tsupport")),
    bad("without an origin", "isn't origin", log.checkpoint(SIZE, log.text().replace(ORIGIN, ""))),
    bad("of two lines", "isn't origin", log.checkpoint(SIZE, log.text().replace(/[^\n]+\n$/, ""))),
    bad("with a size in words", "no plain number", log.checkpoint(SIZE, log.text().replace("\n41\n", "\nmany\n"))),
    bad("with a negative size", "no plain number", log.checkpoint(SIZE, log.text().replace("\n41\n", "\n-1\n"))),
    bad("with a size beyond exact numbers", "no plain number", log.checkpoint(SIZE, log.text().replace("\n41\n", "\n9007199254740992\n"))),
    bad("with a size of 1e1", "no plain number", log.checkpoint(SIZE, log.text().replace("\n41\n", "\n1e1\n"))),
    bad("that is no UTF-8", "UTF-8", noUtf8(note, ORIGIN)),
    bad("that is empty", "no text", ""),
    bad("of signatures alone", "no text", `\n\n${note.split("\n\n")[1]}`),
  ]);

  const [name, id, material] = keys[0].split("+", 2).concat(keys[0].split("+").slice(2).join("+"));
  const usage = (what, vkey) => ({ name: what, content: note, keys: [vkey], expected: "usage: " });
  cases("checkpoint", [
    usage("a key that is none", "key"),
    usage("a key with another id", `${name}+${id.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))}+${material}`),
    usage("a key of another name", `${name}x+${id}+${material}`),
    usage("a key that isn't canonical base64", `${name}+${id}+${material}=`),
    usage("a key with a line's end", `${keys[0]}\n`),
    usage("a key of an unknown algorithm", newKey(ORIGIN, 2).vkey),
    usage("a key that is no string", 1),
    { name: "no key", content: note, keys: [], expected: "usage: " },
  ]);
});

describe("all trees of up to 34 leaves", () => {
  const SIZES = [...Array(35).keys()];
  const checkpoints = SIZES.map((size) => log.checkpoint(size));
  const proofOf = (hashes) => hashes.map((hash) => `${hash}\n`).join("");

  test("include their events", () => {
    const answers = judge(SIZES.map((size) => ({ kind: "export", contents: [render(log.export([...Array(size).keys()], size))], keys })));
    answers.forEach((answer, size) => assert.ok(answer.startsWith(`good export of ${size} events`), answer));
  });

  test("are consistent, each with each, and not by a proof that is another in any place", () => {
    const pairs = SIZES.flatMap((older) => SIZES.slice(older).map((newer) => ({ older, newer, proof: log.consistency(older, newer) })));
    const requests = pairs.flatMap(({ older, newer, proof }) => [
      { holds: true, proof },
      { holds: false, proof: [...proof, checkpoints[1].split("\n")[2]] },
      ...proof.flatMap((hash, at) => [{ holds: false, proof: proof.with(at, flip(hash)) }, { holds: false, proof: proof.toSpliced(at, 1) }]),
    ].map((one) => ({ ...one, kind: "consistency", contents: [checkpoints[older], checkpoints[newer], proofOf(one.proof)], keys })));
    judge(requests).forEach((answer, n) => assert.equal(answer.startsWith("good "), requests[n].holds, answer));
  });

  const fork = new Log(ORIGIN, entries.with(3, entryAt(3, { change: { type: "user.edited" } })), log.keys);
  const bad = (name, because, contents) => ({ name, contents, keys, expected: "bad: ", because });
  cases("consistency", [
    { name: "continue an empty one by no proof", contents: [checkpoints[0], checkpoints[9], ""], keys, expected: "good" },
    bad("don't go back", "larger", [checkpoints[9], checkpoints[5], proofOf(log.consistency(5, 9))]),
    bad("don't continue a fork", "continue", [checkpoints[5], fork.checkpoint(9), proofOf(fork.consistency(5, 9))]),
    bad("are not another of the same size", "continue", [checkpoints[5], fork.checkpoint(5), ""]),
    bad("don't continue another log", "no known key", [other.checkpoint(5), checkpoints[9], proofOf(log.consistency(5, 9))]),
    bad("take no proof without its last newline", "newline", [checkpoints[5], checkpoints[9], proofOf(log.consistency(5, 9)).slice(0, -1)]),
    bad("take no proof for a larger size than the root's tree has", "continue",
      [checkpoints[4], log.checkpoint(16, log.text(8).replace("\n8\n", "\n16\n")), proofOf(log.consistency(4, 8))]),
    bad("take no proof of very many lines", "too many", [checkpoints[5], checkpoints[9], proofOf(log.consistency(5, 9)).repeat(30)]),
    bad("take no proof with CRLF", "no base64", [checkpoints[5], checkpoints[9], proofOf(log.consistency(5, 9)).replaceAll("\n", "\r\n")]),
  ]);
  test("of two known logs are not mixed", () => {
    const contents = [other.checkpoint(5), checkpoints[9], proofOf(log.consistency(5, 9))];
    const request = { kind: "consistency", contents, keys: [...keys, ...other.vkeys] };
    assert.match(judge([request])[0], /^bad: .*two logs/);
  });
});

describe("the program", () => {
  const run = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program("verify.mjs"), ...args], { encoding: "utf8", input: "" });
    return { status, stdout, stderr };
  };

  test("answers a line and 0 when it is good", () => {
    assert.deepEqual(run("export", fileOf(text), ...keys), { status: 0, stdout: `good export of 8 events, ${ORIGIN} of size 41\n`, stderr: "" });
    assert.equal(run("proof", fileOf(log.proof(1)), ...keys).status, 0);
    assert.equal(run("checkpoint", fileOf(log.checkpoint(1)), ...other.vkeys, ...keys).status, 0);
    assert.equal(run("consistency", fileOf(log.checkpoint(3)), fileOf(log.checkpoint(3)), fileOf(""), ...keys).status, 0);
  });

  test("answers a line and 1 when it is bad", () => {
    assert.deepEqual(run("export", fileOf(""), ...keys), { status: 1, stdout: "bad: line 1: the file is empty\n", stderr: "" });
  });

  test("answers nothing and 2 when it can't tell", () => {
    const file = fileOf(text);
    const calls = [[], ["export"], ["export", file], ["other", file, ...keys], ["export", file, "key"], ["consistency", file, file, ...keys],
      ["export", join(folder, "none"), ...keys], ["export", folder, ...keys], ["proof", folder, ...keys], ["batch", file]];
    for (const args of calls) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual({ args, status, stdout, lines: stderr.split("\n").length }, { args, status: 2, stdout: "", lines: 2 });
    }
  });

  test("answers each line of a batch, whatever it is", () => {
    const good = JSON.stringify({ kind: "export", file: fileOf(text), keys });
    const input = ["", "no", "null", "1", "[]", "{}", '{"kind":"export","file":"x","keys":"y"}', '{"kind":"export","files":[1],"keys":[2]}',
      '{"kind":"__proto__","files":[],"keys":[]}', good];
    const { status, stdout } = spawnSync(process.execPath, [program("verify.mjs"), "batch"], { input: `${input.join("\n")}\n`, encoding: "utf8" });
    const answers = stdout.split("\n");
    assert.equal(status, 0);
    assert.deepEqual(answers.slice(0, -2).map((line) => line.slice(0, 7)), Array(input.length - 1).fill("usage: "));
    assert.match(answers.at(-2), /^good /);
  });

  test("leaves no file open in a batch", () => {
    const line = JSON.stringify({ kind: "export", file: fileOf(`${text}\n`), keys });
    const command = ["-c", 'ulimit -n 100 && exec "$@"', "sh", process.execPath, program("verify.mjs"), "batch"];
    const { stdout } = spawnSync("sh", command, { input: `${line}\n`.repeat(200), encoding: "utf8" });
    assert.equal(stdout, "bad: line 11: no JSON object\n".repeat(200));
  });

  test("holds no more of an endless line than its limit", () => {
    for (const [content, line] of [["", 1], [render(lines().slice(0, 1)), 2]]) {
      const file = fileOf(content);
      const descriptor = openSync(file, "r+");
      ftruncateSync(descriptor, 2 ** 36);
      closeSync(descriptor);
      assert.deepEqual(run("export", file, ...keys), { status: 1, stdout: `bad: line ${line}: too long\n`, stderr: "" });
    }
  });
});

describe("a witness", () => {
  const running = new Set();
  after(() => running.forEach((witness) => witness.process.kill("SIGKILL")));

  async function start(state, vkeys = keys) {
    const args = ["--name", "witness.example/w", "--state", state, ...vkeys.flatMap((vkey) => ["--log", vkey])];
    const child = spawn(process.execPath, [program("witness.mjs"), ...args], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const [, url, vkey] = /^listening (http:\/\/127\.0\.0\.1:[0-9]+) (\S+)$/.exec(line);
    const witness = {
      process: child, url, vkey,
      async post(body) {
        const response = await fetch(`${url}/add-checkpoint`, { method: "POST", body });
        return { status: response.status, type: response.headers.get("content-type"), body: await response.text() };
      },
      async end(how) {
        how(child);
        running.delete(witness);
        return await ended;
      },
    };
    running.add(witness);
    return witness;
  }

  const newState = () => mkdtempSync(join(folder, "state-"));
  const request = (old, proof, note) => `old ${old}\n${proof.map((hash) => `${hash}\n`).join("")}\n${note}`;
  const step = (from, to, of = log) => request(from, of.consistency(from, to), of.checkpoint(to));
  /** A log of the same keys that goes its own way after so many events. */
  const forked = (size) => new Log(ORIGIN, entries.map((entry, at) => (at < size ? entry : entryAt(at, { change: { type: "forged" } }))), log.keys);

  /** The checkpoint with the answer's lines is one that verify.mjs takes for cosigned. */
  function demandCosigned(answer, note, { vkey }) {
    assert.equal(answer.status, 200, answer.body);
    assert.match(answer.body, /^— witness\.example\/w [A-Za-z0-9+/]+=*\n$/);
    assert.match(judge([{ kind: "checkpoint", contents: [note + answer.body], keys: [...keys, vkey] }])[0], /cosigned by witness\.example\/w$/);
    const seconds = Number(Buffer.from(answer.body.split(" ")[2], "base64").readBigUInt64BE(4));
    assert.ok(Math.abs(seconds - Date.now() / 1000) < 60);
  }

  test("follows a log that grows", async () => {
    const witness = await start(newState());
    assert.match(witness.vkey, /^witness\.example\/w\+[0-9a-f]{8}\+B/);
    for (const [from, to] of [[0, 5], [5, 5], [5, 8], [8, 9], [9, 41], [41, 41]]) {
      demandCosigned(await witness.post(step(from, to)), log.checkpoint(to), witness);
    }
  });

  test("takes an empty log, and extension lines", async () => {
    const witness = await start(newState());
    demandCosigned(await witness.post(step(0, 0)), log.checkpoint(0), witness);
    assert.equal((await witness.post(request(0, [], log.checkpoint(3, `${log.text(3)}more\n`)))).status, 200);
    assert.equal((await witness.post(step(3, 4))).status, 200);
  });

  test("answers each fault with its status, and keeps what it has", async () => {
    const witness = await start(newState());
    assert.equal((await witness.post(step(0, 5))).status, 200);
    const proof = log.consistency(5, 9);
    const note = log.checkpoint(9);
    const faults = {
      400: {
        "nothing": "",
        "no old size": `\n${note}`,
        "another word": step(5, 9).replace("old", "new"),
        "a leading zero": request("05", proof, note),
        "a sign": request("+5", proof, note),
        "no empty line": step(5, 9).replaceAll("\n\n", "\n"),
        "an old size above the new": request(10, [], note),
        "a hash that isn't canonical": request(5, proof.with(0, slack(proof[0])), note),
        "64 hashes": request(5, Array(64).fill(proof[0]), note),
        "no checkpoint": "old 5\n\n",
        "no signature": request(5, proof, `${log.text(9)}\n`),
        "CRLF": step(5, 9).replaceAll("\n", "\r\n"),
        "no last newline": step(5, 9).slice(0, -1),
        "no UTF-8": noUtf8(step(5, 9), ORIGIN),
        "a request too long": step(5, 9) + newKey("x").line("").repeat(3000),
      },
      403: {
        "another key": step(5, 9, new Log(ORIGIN, entries)),
        "a flipped signature": request(5, proof, flippedNote(note)),
        "another old size as well": request(4, proof, flippedNote(note)),
        "a good and a flipped signature": request(5, proof, note + flippedNote(note).split("\n").at(-2) + "\n"),
        "another log's checkpoint under this log's name": request(5, proof, `${log.text(9)}\n${other.keys[0].line(log.text(9))}`),
      },
      404: { "another log": step(5, 9, other), "another log, unsigned by it": request(5, proof, log.checkpoint(9, other.text(9))) },
      409: {
        "an old size too small": step(4, 9),
        "an old size too large": step(6, 9),
        "an old size of nothing": step(0, 9),
        "another tree of its size": step(5, 5, forked(2)),
      },
      422: {
        "no proof": request(5, [], note),
        "a proof of another step": request(5, log.consistency(6, 9), note),
        "a flipped hash": request(5, proof.with(0, flip(proof[0])), note),
        "a hash too many": request(5, [...proof, proof[0]], note),
        "a proof of the same size": request(5, [proof[0]], log.checkpoint(5)),
        "a fork": step(5, 9, forked(4)),
      },
    };
    for (const [status, bodies] of Object.entries(faults)) {
      for (const [name, body] of Object.entries(bodies)) {
        const answer = await witness.post(body);
        assert.equal(answer.status, Number(status), `${name}: ${answer.body}`);
        assert.equal(answer.body.includes("—"), false, name);
        if (answer.status === 409) {
          assert.deepEqual([answer.type, answer.body], ["text/x.tlog.size", "5\n"], name);
        }
      }
    }
    assert.equal((await fetch(`${witness.url}/add-checkpoint`)).status, 405);
    assert.equal((await fetch(`${witness.url}/other`, { method: "POST", body: step(5, 9) })).status, 404);
    assert.equal((await witness.post(step(5, 9))).status, 200);
  });

  test("wants no proof for its first checkpoint", async () => {
    const witness = await start(newState());
    assert.equal((await witness.post(request(0, log.consistency(1, 5), log.checkpoint(5)))).status, 422);
    assert.equal((await witness.post(step(0, 5))).status, 200);
  });

  test("refuses a fork, and goes on with the log", async () => {
    const witness = await start(newState());
    const fork = forked(5);
    assert.equal((await witness.post(step(0, 9))).status, 200);
    assert.equal((await witness.post(step(9, 9, fork))).status, 409);
    assert.equal((await witness.post(step(9, 20, fork))).status, 422);
    assert.equal((await witness.post(step(5, 20, fork))).status, 409);
    assert.equal((await witness.post(step(9, 20))).status, 200);
  });

  test("refuses an older database, and what grows out of it", async () => {
    const witness = await start(newState());
    assert.equal((await witness.post(step(0, 9))).status, 200);
    assert.deepEqual(await witness.post(step(5, 5)), { status: 409, type: "text/x.tlog.size", body: "9\n" });
    assert.equal((await witness.post(request(9, [], log.checkpoint(5)))).status, 400);
    assert.equal((await witness.post(step(5, 12, forked(5)))).status, 409);
    assert.equal((await witness.post(step(9, 12, forked(5)))).status, 422);
  });

  test("takes one of two requests that come at once", async () => {
    const witness = await start(newState());
    for (let size = 0; size < 20; size += 2) {
      const answers = await Promise.all([witness.post(step(size, size + 2)), witness.post(step(size, size + 2, forked(size + 1)))]);
      const statuses = answers.map(({ status }) => status).sort();
      assert.deepEqual(statuses, [200, 409]);
      if (answers[0].status !== 200) {
        return; // It follows the fork from here on.
      }
    }
  });

  test("keeps its key and what it cosigned over a kill between two requests", async () => {
    const state = newState();
    const first = await start(state);
    assert.equal((await first.post(step(0, 9))).status, 200);
    assert.deepEqual(await first.end((child) => child.kill("SIGKILL")), [null, "SIGKILL"]);
    const second = await start(state);
    assert.equal(second.vkey, first.vkey);
    assert.deepEqual(await second.post(step(0, 9)), { status: 409, type: "text/x.tlog.size", body: "9\n" });
    assert.equal((await second.post(step(9, 9, forked(3)))).status, 409);
    demandCosigned(await second.post(step(9, 10)), log.checkpoint(10), first);
  });

  test("cosigns nothing while it can't read what it cosigned", async () => {
    const state = newState();
    const witness = await start(state);
    assert.equal((await witness.post(step(0, 9))).status, 200);
    const [kept] = readdirSync(state).filter((name) => name.endsWith(".checkpoint"));
    writeFileSync(join(state, kept), "");
    assert.equal((await witness.post(step(0, 9))).status, 500);
  });

  test("follows several logs, and a log through the replacement of its key", async () => {
    const next = newKey(ORIGIN);
    const both = new Log(ORIGIN, entries, [...log.keys, next]);
    const renewed = new Log(ORIGIN, entries, [next]);
    const witness = await start(newState(), [...keys, next.vkey, ...other.vkeys]);
    assert.equal((await witness.post(step(0, 5))).status, 200);
    assert.equal((await witness.post(step(0, 7, other))).status, 200);
    assert.equal((await witness.post(step(5, 6, both))).status, 200);
    assert.equal((await witness.post(step(6, 8, renewed))).status, 200);
    assert.equal((await witness.post(step(7, 9, other))).status, 200);
  });

  test("is reached on 127.0.0.1 alone", async () => {
    const { url } = await start(newState());
    const socket = connect(Number(new URL(url).port), "127.0.0.2");
    const [error] = await once(socket, "error");
    assert.equal(error.code, "ECONNREFUSED");
  });

  test("ends on SIGTERM and when its stdin closes", async () => {
    assert.deepEqual(await (await start(newState())).end((child) => child.kill("SIGTERM")), [0, null]);
    assert.deepEqual(await (await start(newState())).end((child) => child.stdin.end()), [0, null]);
  });

  test("doesn't start without what it needs", () => {
    const state = newState();
    const named = ["--name", "w", "--state", state];
    const calls = [[], named, ["--name", "a b", "--state", state, "--log", keys[0]], ["--name", "w", "--log", keys[0]], [...named, "--log", "key"],
      [...named, "--log", newKey("w", 4).vkey], [...named, "--log", keys[0], "--port", "65536"], [...named, "--log", keys[0], "--other"]];
    for (const args of calls) {
      assert.equal(spawnSync(process.execPath, [program("witness.mjs"), ...args], { input: "" }).status, 2, args.join(" "));
    }
  });
});
