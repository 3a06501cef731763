// A small witness (C2SP tlog-witness) on loopback, for tests and for trying a log out.
//
//   node witness.mjs --name <name> --state <folder> --log <vkey> [--log <vkey>]… [--port 0]
//
// Prints "listening <url> <verifier key of its cosignatures>" once it takes requests. Its key and the latest checkpoint of each log are
// kept in the folder, which belongs to one witness at a time. More than one key of a log is for the time of its replacement. It ends on
// SIGTERM and when its stdin closes.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  Bad, LOG_KEY, LONGEST_PROOF, WITNESS_KEY, checkpointFrom, cosignature, demand, hashFrom, isConsistent, keyFrom, keyText, linesOf, noteFrom,
  numberFrom, sha256, signersOf, textFrom,
} from "./tlog.mjs";

const LARGEST_REQUEST = 1 << 18;
const NOTHING = { size: 0, root: sha256() };

/** An answer that is no cosignature. */
class Refusal extends Error {
  constructor(status, message, type = "text/plain; charset=utf-8") {
    super(message);
    Object.assign(this, { status, type });
  }
}

const conflict = (size) => new Refusal(409, `${size}`, "text/x.tlog.size");

const settings = settingsFrom(process.argv.slice(2));
mkdirSync(settings.state, { recursive: true, mode: 0o700 });
const privateKey = ownKey();
const publicKey = createPublicKey(privateKey);

const server = createServer(async (request, response) => {
  let status = 200;
  let type = "text/plain; charset=utf-8";
  let body;
  try {
    if (request.url !== "/add-checkpoint") {
      throw new Refusal(404, "Only /add-checkpoint is here.");
    }
    if (request.method !== "POST") {
      throw new Refusal(405, "Only POST is taken.");
    }
    body = addCheckpoint(await bodyOf(request));
  } catch (error) {
    // What isn't a refusal is a fault of the witness, such as a state it can't read: it never cosigns then.
    status = error.status ?? 500;
    type = error.type ?? type;
    body = `${error.message}\n`;
  }
  // What is left of a request that wasn't read to its end can't be told from the next one.
  const connection = request.complete ? {} : { Connection: "close" };
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body), ...connection });
  response.end(body);
});

server.listen(settings.port, "127.0.0.1", () => {
  console.log(`listening http://127.0.0.1:${server.address().port} ${keyText(settings.name, WITNESS_KEY, publicKey)}`);
});
server.on("error", (error) => fail(error.message));
process.on("SIGTERM", () => process.exit(0));
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0)).resume();

/** The cosignature; from the look at the latest checkpoint to its replacement nothing waits, so that no other request comes between. */
function addCheckpoint(body) {
  const { oldSize, proof, note, text, checkpoint, signatures } = parsed(body);
  const keys = settings.keys.filter(({ name }) => name === checkpoint.origin);
  if (keys.length === 0) {
    throw new Refusal(404, "The log is not known.");
  }
  if (!isSigned({ text, signatures }, keys)) {
    throw new Refusal(403, "No known key of the log signed, or a signature of one doesn't verify.");
  }
  if (oldSize > checkpoint.size) {
    throw new Refusal(400, "The old size is above the checkpoint's.");
  }
  const latest = latestOf(checkpoint.origin);
  if (oldSize !== latest.size || (checkpoint.size === latest.size && !checkpoint.root.equals(latest.root))) {
    throw conflict(latest.size);
  }
  if (!isConsistent(latest, checkpoint, proof)) {
    throw new Refusal(422, "The proof doesn't lead from the latest checkpoint to this one.");
  }
  write(fileOf(checkpoint.origin), note);
  return cosignature(settings.name, privateKey, publicKey, text, Math.floor(Date.now() / 1000));
}

function parsed(body) {
  try {
    const request = textFrom(body, "the request");
    const end = request.indexOf("\n\n");
    demand(end >= 0, "the request has no empty line");
    const [old, ...hashes] = linesOf(request.slice(0, end + 1), "the request");
    demand(old.startsWith("old "), "the request has no old size");
    const oldSize = numberFrom(old.slice("old ".length), "the old size");
    demand(hashes.length <= LONGEST_PROOF, "the proof has too many lines");
    const proof = hashes.map((hash) => hashFrom(hash, "a line of the proof"));
    const note = request.slice(end + 2);
    const { text, signatures } = noteFrom(note);
    return { oldSize, proof, note, text, checkpoint: checkpointFrom(text), signatures };
  } catch (error) {
    throw error instanceof Bad ? new Refusal(400, error.message) : error;
  }
}

function isSigned(note, keys) {
  try {
    return signersOf(note, keys).size > 0;
  } catch (error) {
    if (error instanceof Bad) {
      return false;
    }
    throw error;
  }
}

async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += part.length;
    if (length > LARGEST_REQUEST) {
      throw new Refusal(400, "The request is too long.");
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

// --- The folder: only a file that isn't there is none; one that can't be read ends in an error, never in a fresh start ---

function fileOf(origin) {
  return join(settings.state, `${sha256(origin).toString("hex")}.checkpoint`);
}

function latestOf(origin) {
  const note = read(fileOf(origin));
  return note === undefined ? NOTHING : checkpointFrom(noteFrom(note).text);
}

function ownKey() {
  const file = join(settings.state, "key.pem");
  if (read(file) === undefined) {
    write(file, generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" }));
  }
  return createPrivateKey(read(file));
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Either the old or the new content is there, whatever happens, and the new one once this returns. */
function write(file, content) {
  const fresh = `${file}.new`;
  writeFileSync(fresh, content, { mode: 0o600, flush: true });
  renameSync(fresh, file);
  const folder = openSync(settings.state, "r");
  fsyncSync(folder);
  closeSync(folder);
}

// --- The call ---

function settingsFrom(args) {
  try {
    const type = "string";
    const { values } = parseArgs({ args, options: { name: { type }, state: { type }, log: { type, multiple: true }, port: { type } } });
    const { name = "", state, log = [], port = "0" } = values;
    demand(/^[^\p{White_Space}+]+$/u.test(name) && state && log.length > 0, "--name <name> --state <folder> --log <vkey>… [--port 0]");
    const keys = log.map(keyFrom);
    demand(keys.every(({ algorithm }) => algorithm === LOG_KEY), "a log's key has the algorithm byte 1");
    demand(numberFrom(port, "the port") < 1 << 16, "the port is none");
    return { name, state, keys, port: Number(port) };
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  console.error(`usage: ${message}`);
  process.exit(2);
}
