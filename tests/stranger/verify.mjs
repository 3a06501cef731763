// Verifies what the audit log hands out, from docs/audit-log-format.md and the specifications it names alone.
//
//   node verify.mjs export <file> <vkey>…
//   node verify.mjs proof <file> <vkey>…
//   node verify.mjs checkpoint <file> <vkey>…
//   node verify.mjs consistency <older checkpoint> <newer checkpoint> <file with a base64 hash a line> <vkey>…
//   node verify.mjs batch          stdin: {"kind":"export","files":["…"],"keys":["…"]} a line ("file":"…" for one), an answer a line
//
// One line: "good <what>" and exit code 0, "bad: <why>" and 1; a call that can't be answered says why on stderr, with 2 (in a batch:
// "usage: <why>"). The keys are verifier keys of the log, and of witnesses, whose cosignatures are then verified as well.
import { closeSync, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { jsonFrom } from "./json.mjs";
import {
  Bad, LOG_KEY, LONGEST, LONGEST_PROOF, WITNESS_KEY, checkpointFrom, demand, fromBase64, hashFrom, isConsistent, isIncluded, keyFrom,
  leafHash, linesOf, noteFrom, numberFrom, sha256, signersOf, textFrom,
} from "./tlog.mjs";

const EXPORT_FORMAT = "support-console-audit/2";
const EXPORT_FORMAT_WITHOUT_END = "support-console-audit/1";
const PROOF_FORMAT = "c2sp.org/tlog-proof@v1";
const GROUPS = ["by", "about"];
const SALT_BYTES = 32;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The call can't be answered; nothing is said about what it names. */
class Usage extends Error {}

// --- Files ---

function* chunksOf(file) {
  let descriptor;
  try {
    descriptor = openSync(file, "r");
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 16);
      const count = readSync(descriptor, chunk);
      if (count === 0) {
        return;
      }
      yield chunk.subarray(0, count);
    }
  } catch (error) {
    throw error.code ? new Usage(`a file can't be read (${error.code})`) : error;
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }
}

function* linesIn(file) {
  let parts = [];
  let length = 0;
  const add = (part) => {
    parts.push(part);
    length += part.length;
    demand(length <= LONGEST, "too long");
  };
  for (const chunk of chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      add(chunk.subarray(start, end));
      yield Buffer.concat(parts);
      [parts, length, start] = [[], 0, end + 1];
    }
    add(chunk.subarray(start));
  }
  demand(length === 0, "no newline at its end");
}

function readText(file, what) {
  const parts = [];
  let length = 0;
  for (const chunk of chunksOf(file)) {
    parts.push(chunk);
    length += chunk.length;
    demand(length <= LONGEST, `${what} is too long`);
  }
  return textFrom(Buffer.concat(parts), what);
}

// --- What is judged ---

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** An object with all of the required members, perhaps optional ones, and no other. */
function demandMembers(value, what, required, optional = []) {
  demand(isObject(value), `${what} is no object`);
  const missing = required.find((name) => !(name in value));
  demand(missing === undefined, `${what} has no ${missing}`);
  demand(Object.keys(value).every((name) => required.includes(name) || optional.includes(name)), `${what} has a member that isn't known`);
}

/** A checkpoint of the log: signed by one of its keys, under its origin as their name. */
function openCheckpoint(note, keys) {
  const { text, signatures } = noteFrom(note);
  const checkpoint = checkpointFrom(text);
  demand(checkpoint.extensions.length === 0, "the checkpoint has more than three lines");
  const signers = [...signersOf({ text, signatures }, keys)];
  demand(signers.some(({ algorithm, name }) => algorithm === LOG_KEY && name === checkpoint.origin), "no known key of the log signed");
  return { ...checkpoint, witnesses: signers.filter(({ algorithm }) => algorithm === WITNESS_KEY).map(({ name }) => name) };
}

const describe = ({ origin, size, witnesses }) => [`${origin} of size ${size}`, ...witnesses.map((name) => `cosigned by ${name}`)].join(", ");

/** The event's commitments by group: none before version 3. */
function commitmentsOf(bytes, index) {
  const event = jsonFrom(textFrom(bytes, "the event"));
  demand(isObject(event), "the event is no object");
  demand(event.seq === index + 1, "the event's seq is not its index + 1");
  demand([1, 2, 3].includes(event.v), "the event is of no known version");
  const groups = event.v < 3 ? [] : GROUPS.filter((group) => group in event);
  return Object.fromEntries(groups.map((group) => [group, hashFrom(event[group], `the event's ${group}`)]));
}

/** Canonical JSON of an object of strings. JSON.stringify escapes a well-formed string as RFC 8785 does. */
const canonical = (texts) => `{${Object.keys(texts).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(texts[name])}`).join(",")}}`;

function demandGroup(group, what, commitment) {
  demand(isObject(group), `${what} is no object`);
  if ("erased" in group) {
    demandMembers(group, what, ["erased"]);
    const { erased } = group;
    demand(typeof erased === "string" && TIME.test(erased) && !Number.isNaN(Date.parse(erased)), `${what} was erased at no time`);
    return;
  }
  demandMembers(group, what, ["salt", "text"]);
  const salt = typeof group.salt === "string" ? fromBase64(group.salt, SALT_BYTES) : undefined;
  demand(salt, `${what} has no salt of ${SALT_BYTES} bytes`);
  demand(isObject(group.text) && Object.values(group.text).every((text) => typeof text === "string"), `${what} has a text that is none`);
  demand(sha256(salt, canonical(group.text)).equals(commitment), `${what} is not what the event committed to`);
}

function demandPersonal(personal, commitments) {
  const groups = Object.keys(commitments);
  if (groups.length === 0) {
    demand(personal === undefined, "personal text that the event has no commitment to");
    return;
  }
  demand(personal !== undefined, "the event's personal text is missing");
  demandMembers(personal, "personal", groups);
  groups.forEach((group) => demandGroup(personal[group], `personal.${group}`, commitments[group]));
}

/** The line's value. That no white space is around it leaves out CRLF and the byte order mark too. */
function objectOf(bytes) {
  const text = textFrom(bytes, "the line");
  demand(text.startsWith("{") && text.endsWith("}"), "no JSON object");
  return jsonFrom(text);
}

function judgeExport([file], keys) {
  const lines = linesIn(file);
  let number = 0;
  const next = () => {
    number++;
    return lines.next().value;
  };
  try {
    const first = next();
    demand(first, "the file is empty");
    const header = objectOf(first);
    demandMembers(header, "the first line", ["format", "checkpoint"]);
    const saysItsEnd = header.format === EXPORT_FORMAT;
    demand(saysItsEnd || header.format === EXPORT_FORMAT_WITHOUT_END, "no known format");
    demand(typeof header.checkpoint === "string", "the checkpoint is no string");
    const checkpoint = openCheckpoint(header.checkpoint, keys);

    let last = -1;
    let events = 0;
    let ended = false;
    for (let bytes = next(); bytes; bytes = next()) {
      const line = objectOf(bytes);
      demand(!ended, "something behind the last line");
      if (saysItsEnd && "events" in line) {
        demandMembers(line, "the last line", ["events"]);
        demand(line.events === events, "the last line says another number of events");
        ended = true;
        continue;
      }
      demand(!saysItsEnd || !("damaged" in line), "the log gave the event out as damaged");
      demandMembers(line, "the line", ["index", "event", "proof"], ["personal"]);
      const { index, event, personal, proof } = line;
      demand(Number.isSafeInteger(index), "the index is no plain number");
      demand(index > last, "the index is not above that of the line before");
      demand(index < checkpoint.size, "the index is not below the checkpoint's size");
      demand(typeof event === "string", "the event is no string");
      demand(Array.isArray(proof) && proof.length <= LONGEST_PROOF, "the proof is no list of hashes");
      const eventBytes = Buffer.from(event);
      const commitments = commitmentsOf(eventBytes, index);
      const hashes = proof.map((hash) => hashFrom(hash, "a line of the proof"));
      demand(isIncluded(leafHash(eventBytes), index, checkpoint.size, hashes, checkpoint.root), "the proof doesn't lead to the root");
      demandPersonal(personal, commitments);
      last = index;
      events++;
    }
    demand(ended || !saysItsEnd, "cut off, since the last line is missing");
    return `export of ${events} events, ${describe(checkpoint)}`;
  } catch (error) {
    throw error instanceof Usage ? error : new Bad(`line ${number}: ${error.message}`);
  } finally {
    lines.return();
  }
}

function judgeProof([file], keys) {
  const text = readText(file, "the proof");
  const end = text.indexOf("\n\n");
  demand(end >= 0, "the proof has no checkpoint");
  const [format, extra, index, ...hashes] = linesOf(text.slice(0, end + 1), "the proof");
  demand(format === PROOF_FORMAT, "no known format");
  demand(extra?.startsWith("extra ") && index?.startsWith("index "), "the proof has no extra, or no index");
  const bytes = fromBase64(extra.slice("extra ".length));
  demand(bytes, "extra is no base64");
  const place = numberFrom(index.slice("index ".length), "the index");
  demand(hashes.length <= LONGEST_PROOF, "the proof has too many lines");
  const proof = hashes.map((hash) => hashFrom(hash, "a line of the proof"));

  const checkpoint = openCheckpoint(text.slice(end + 2), keys);
  demand(place < checkpoint.size, "the index is not below the checkpoint's size");
  commitmentsOf(bytes, place);
  demand(isIncluded(leafHash(bytes), place, checkpoint.size, proof, checkpoint.root), "the proof doesn't lead to the root");
  return `proof of event ${place + 1}, ${describe(checkpoint)}`;
}

const judgeCheckpoint = ([file], keys) => `checkpoint ${describe(openCheckpoint(readText(file, "the checkpoint"), keys))}`;

function judgeConsistency([olderFile, newerFile, proofFile], keys) {
  const [older, newer] = [olderFile, newerFile].map((file) => openCheckpoint(readText(file, "the checkpoint"), keys));
  demand(older.origin === newer.origin, "the checkpoints are of two logs");
  const lines = linesOf(readText(proofFile, "the proof"), "the proof");
  demand(lines.length <= LONGEST_PROOF, "the proof has too many lines");
  const proof = lines.map((line) => hashFrom(line, "a line of the proof"));
  demand(older.size <= newer.size, "the older checkpoint is the larger one");
  demand(isConsistent(older, newer, proof), "the newer tree doesn't continue the older");
  return `consistency of size ${older.size} and ${describe(newer)}`;
}

// --- The calls ---

const KINDS = new Map([
  ["export", { judge: judgeExport, files: 1 }],
  ["proof", { judge: judgeProof, files: 1 }],
  ["checkpoint", { judge: judgeCheckpoint, files: 1 }],
  ["consistency", { judge: judgeConsistency, files: 3 }],
]);

function knownKey(text) {
  try {
    return keyFrom(text);
  } catch (error) {
    throw new Usage(error.message);
  }
}

function verdict(kind, files, keys) {
  try {
    const { judge, files: needed } = KINDS.get(kind) ?? {};
    if (!judge || files.length !== needed || keys.length === 0 || ![...files, ...keys].every((text) => typeof text === "string")) {
      throw new Usage("export|proof|checkpoint <file> <vkey>… | consistency <older> <newer> <proof> <vkey>… | batch");
    }
    return `good ${judge(files, keys.map(knownKey))}`;
  } catch (error) {
    return `${error instanceof Usage ? "usage" : "bad"}: ${error.message.replace(/[\x00-\x1f]/g, " ")}`;
  }
}

function answer(request) {
  let asked;
  try {
    asked = JSON.parse(request);
  } catch {
    return "usage: a request is a line of JSON";
  }
  const { kind, file, files = [file], keys } = asked ?? {};
  return Array.isArray(files) && Array.isArray(keys) ? verdict(kind, files, keys) : "usage: a request has a kind, files and keys";
}

process.stdout.on("error", () => process.exit(2));
const [kind, ...rest] = process.argv.slice(2);
if (kind === "batch" && rest.length === 0) {
  for await (const request of createInterface({ input: process.stdin })) {
    console.log(answer(request));
  }
} else {
  const files = KINDS.get(kind)?.files ?? 0;
  const line = verdict(kind, rest.slice(0, files), rest.slice(files));
  if (line.startsWith("usage")) {
    console.error(line);
    process.exitCode = 2;
  } else {
    console.log(line);
    process.exitCode = line.startsWith("good") ? 0 : 1;
  }
}
