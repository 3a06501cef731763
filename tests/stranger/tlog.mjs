// What a verifier and a witness of a transparency log share: strict base64, numbers and text, signed notes (C2SP signed-note),
// checkpoints (tlog-checkpoint), cosignatures (tlog-cosignature) and the two proofs of RFC 9162. Nothing here touches a file.
import { createHash, createPublicKey, sign, verify } from "node:crypto";

/** What is judged doesn't hold; the message says why. */
export class Bad extends Error {}

/** Algorithm bytes of note keys. */
export const LOG_KEY = 1;
export const WITNESS_KEY = 4;

/** No text that is held in memory as a whole, and no line, may be longer: bytes. */
export const LONGEST = 1 << 20;

/** A proof between trees of less than 2^64 leaves has no more hashes. */
export const LONGEST_PROOF = 63;

const HASH_BYTES = 32;
const SPKI_ED25519 = Buffer.from("302a300506032b6570032100", "hex");

export const demand = (holds, why) => {
  if (!holds) {
    throw new Bad(why);
  }
};

export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();

/** The bytes, or undefined when the text isn't exactly what encoding them gives. */
export function fromBase64(text, length) {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text && (length === undefined || bytes.length === length) ? bytes : undefined;
}

export function hashFrom(text, what) {
  const hash = typeof text === "string" ? fromBase64(text, HASH_BYTES) : undefined;
  demand(hash, `${what} is no base64 of a hash`);
  return hash;
}

export function numberFrom(text, what) {
  const number = Number(text);
  demand(/^(0|[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(number), `${what} is no plain number`);
  return number;
}

/** UTF-8 and nothing else; a byte order mark stays a character, so that it is found where none belongs. */
export function textFrom(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Bad(`${what} is no UTF-8`);
  }
}

/** The lines of a text in which each ends with a newline. */
export function linesOf(text, what) {
  demand(text === "" || text.endsWith("\n"), `${what} doesn't end with a newline`);
  return text.split("\n").slice(0, -1);
}

// --- Keys and notes ---

const KEY = /^([^\p{White_Space}+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u;
const SIGNATURE = /^— ([^\p{White_Space}+]+) ([A-Za-z0-9+/=]+)$/u;

const keyId = (name, encoded) => sha256(name, "\n", encoded).subarray(0, 4);

/** A key of the log (algorithm byte 1) or of a witness (4) as it is written in text. */
export function keyFrom(text) {
  const [, name, id, material] = KEY.exec(text) ?? [];
  const encoded = material && fromBase64(material, 1 + HASH_BYTES);
  demand(encoded && (encoded[0] === LOG_KEY || encoded[0] === WITNESS_KEY), "a key isn't <name>+<key id>+<base64>");
  demand(keyId(name, encoded).toString("hex") === id, "a key's id is not that of its name and bytes");
  const raw = encoded.subarray(1);
  return { name, id, algorithm: encoded[0], key: createPublicKey({ key: Buffer.concat([SPKI_ED25519, raw]), format: "der", type: "spki" }) };
}

/** How a key is written in text. */
export function keyText(name, algorithm, publicKey) {
  const encoded = Buffer.concat([Buffer.from([algorithm]), publicKey.export({ format: "der", type: "spki" }).subarray(-HASH_BYTES)]);
  return `${name}+${keyId(name, encoded).toString("hex")}+${encoded.toString("base64")}`;
}

/** Splits a signed note into its text and its signatures; verifies nothing. */
export function noteFrom(note) {
  demand(!/[\x00-\x09\x0b-\x1f]/.test(note), "the note has a control character");
  const end = note.lastIndexOf("\n\n");
  demand(end > 0, "the note has no text apart from its signatures");
  const lines = linesOf(note.slice(end + 2), "the note");
  demand(lines.length > 0, "the note has no signature");
  const signatures = lines.map((line) => {
    const [, name, base64] = SIGNATURE.exec(line) ?? [];
    const bytes = base64 && fromBase64(base64);
    demand(bytes && bytes.length > 4, "the note has a malformed signature line");
    return { name, id: bytes.subarray(0, 4).toString("hex"), bytes: bytes.subarray(4) };
  });
  return { text: note.slice(0, end + 1), signatures };
}

const cosigned = (text, time) => Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);

function verifies({ algorithm, key }, text, bytes) {
  if (algorithm === LOG_KEY) {
    return verify(null, Buffer.from(text), key, bytes);
  }
  const time = bytes.length === 72 ? bytes.readBigUInt64BE() : 1n << 63n;
  return time < 1n << 63n && verify(null, cosigned(text, time), key, bytes.subarray(8));
}

/** The keys that signed the note; bad as soon as a line of one of the given keys doesn't verify. */
export function signersOf({ text, signatures }, keys) {
  const signers = new Set();
  for (const { name, id, bytes } of signatures) {
    for (const key of keys.filter((known) => known.name === name && known.id === id)) {
      demand(verifies(key, text, bytes), "the note has a signature of a known key that doesn't verify");
      signers.add(key);
    }
  }
  return signers;
}

/** A witness's signature line for a checkpoint's text, as of a time in seconds since 1970. */
export function cosignature(name, privateKey, publicKey, text, time) {
  const id = Buffer.from(keyFrom(keyText(name, WITNESS_KEY, publicKey)).id, "hex");
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  return `— ${name} ${Buffer.concat([id, stamp, sign(null, cosigned(text, time), privateKey)]).toString("base64")}\n`;
}

/** Origin, size and root of a note's text, and whatever lines follow those. */
export function checkpointFrom(text) {
  const [origin, size, root, ...extensions] = linesOf(text, "the checkpoint");
  demand(origin && size && root && extensions.every((line) => line), "the checkpoint isn't origin, size and root");
  const checkpoint = { origin, size: numberFrom(size, "the checkpoint's size"), root: hashFrom(root, "the checkpoint's root"), extensions };
  demand(checkpoint.size > 0 || checkpoint.root.equals(sha256()), "the checkpoint of no leaves has another root than that of no leaves");
  return checkpoint;
}

// --- The tree: sizes can be above 2^32, so nothing here uses JavaScript's bit operators ---

export const leafHash = (bytes) => sha256(Buffer.from([0]), bytes);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);
const odd = (number) => number % 2 === 1;
const half = (number) => Math.floor(number / 2);

/** RFC 9162, 2.1.3.2. */
export function isIncluded(leaf, index, size, proof, root) {
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) {
      return false;
    }
    if (odd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn !== 0 && !odd(fn)) {
        [fn, sn] = [half(fn), half(sn)];
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return index < size && sn === 0 && hash.equals(root);
}

/** RFC 9162, 2.1.4.2; the tree of no leaves goes before every other, with nothing to prove. */
export function isConsistent(older, newer, proof) {
  if (older.size === newer.size) {
    return proof.length === 0 && older.root.equals(newer.root);
  }
  if (older.size === 0 || older.size > newer.size) {
    return proof.length === 0 && older.size === 0;
  }
  if (proof.length === 0) {
    return false;
  }
  let [fn, sn] = [older.size - 1, newer.size - 1];
  while (odd(fn)) {
    [fn, sn] = [half(fn), half(sn)];
  }
  // An older tree that is a whole subtree of the newer is the proof's own beginning.
  const [first, ...rest] = fn === 0 ? [older.root, ...proof] : proof;
  let [olderHash, newerHash] = [first, first];
  for (const hash of rest) {
    if (sn === 0) {
      return false;
    }
    if (odd(fn) || fn === sn) {
      [olderHash, newerHash] = [nodeHash(hash, olderHash), nodeHash(hash, newerHash)];
      while (fn !== 0 && !odd(fn)) {
        [fn, sn] = [half(fn), half(sn)];
      }
    } else {
      newerHash = nodeHash(newerHash, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && olderHash.equals(older.root) && newerHash.equals(newer.root);
}
