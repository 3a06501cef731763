// Writes what a log of the format would, for the tests: naive and slow, by the recursive definitions of RFC 6962, 2.1, so that nothing
// of it is shared with what verifies.
import { createHash, generateKeyPairSync, sign } from "node:crypto";

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const base64 = (bytes) => Buffer.from(bytes).toString("base64");

// --- The tree ---

const leaf = (event) => sha256([0], event);

/** The largest power of two below n. */
const split = (n) => 2 ** Math.ceil(Math.log2(n) - 1);

function root(leaves) {
  if (leaves.length < 2) {
    return leaves[0] ?? sha256();
  }
  const k = split(leaves.length);
  return sha256([1], root(leaves.slice(0, k)), root(leaves.slice(k)));
}

function path(m, leaves) {
  if (leaves.length === 1) {
    return [];
  }
  const k = split(leaves.length);
  return m < k ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))] : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
}

function subproof(m, leaves, whole) {
  if (m === leaves.length) {
    return whole ? [] : [root(leaves)];
  }
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

// --- Keys and notes ---

/** A key of a log (algorithm 1) or of a witness (4). */
export function newKey(name, algorithm = 1) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const encoded = Buffer.from([algorithm, ...Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url")]);
  const id = sha256(name, "\n", encoded).subarray(0, 4);
  const line = (bytes) => `— ${name} ${base64(Buffer.concat([id, bytes]))}\n`;
  return {
    vkey: `${name}+${id.toString("hex")}+${base64(encoded)}`,
    line: (text) => line(sign(null, Buffer.from(text), privateKey)),
    cosign(text, time) {
      const stamp = Buffer.alloc(8);
      stamp.writeBigUInt64BE(BigInt(time));
      return line(Buffer.concat([stamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey)]));
    },
  };
}

// --- Events ---

/** Canonical JSON. */
export function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical)}]`;
  }
  return value !== null && typeof value === "object"
    ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`
    : JSON.stringify(value);
}

/** A group of personal text, and the commitment to it. */
export function group(text, fill) {
  const salt = Buffer.alloc(32, fill);
  return { group: { salt: base64(salt), text }, commitment: base64(sha256(salt, canonical(text))) };
}

// --- The log ---

/** A log of events, each {event: its canonical text, personal}. */
export class Log {
  constructor(origin, entries, keys = [newKey(origin)]) {
    Object.assign(this, { origin, entries, keys, leaves: entries.map(({ event }) => leaf(event)) });
  }

  get vkeys() {
    return this.keys.map(({ vkey }) => vkey);
  }

  text(size = this.entries.length) {
    return `${this.origin}\n${size}\n${base64(root(this.leaves.slice(0, size)))}\n`;
  }

  /** A checkpoint whose text may be another one. */
  checkpoint(size, text = this.text(size)) {
    return `${text}\n${this.keys.map((key) => key.line(text)).join("")}`;
  }

  inclusion(index, size = this.entries.length) {
    return path(index, this.leaves.slice(0, size)).map(base64);
  }

  consistency(older, newer) {
    return older === 0 ? [] : subproof(older, this.leaves.slice(0, newer), true).map(base64);
  }

  /** The lines of an export as objects. */
  export(indexes, size = this.entries.length, checkpoint = this.checkpoint(size)) {
    const line = (index) => ({ index, ...this.entries[index], proof: this.inclusion(index, size) });
    return [{ format: "support-console-audit/2", checkpoint }, ...indexes.map(line), { events: indexes.length }];
  }

  proof(index, size = this.entries.length) {
    const lines = ["c2sp.org/tlog-proof@v1", `extra ${base64(this.entries[index].event)}`, `index ${index}`, ...this.inclusion(index, size)];
    return `${lines.join("\n")}\n\n${this.checkpoint(size)}`;
  }
}
