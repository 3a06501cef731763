// JSON as a verifier may read it: by RFC 8259 to the letter, and refusing what two readers could understand differently – a name that
// comes twice, half of a surrogate pair, endless depth. JSON.parse takes all three.
import { demand } from "./tlog.mjs";

const DEEPEST = 32;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/;
const TOKEN = new RegExp(`[{}[\\]:,]|${STRING.source}|${NUMBER.source}|true|false|null`, "y");
const WORDS = new Map([["true", true], ["false", false], ["null", null]]);
const PLAIN_NUMBER = /^(?:0|[1-9][0-9]*)$/;

/** Objects come without a prototype; a number that isn't written as a plain whole one, or isn't exact, comes as NaN. */
export function jsonFrom(text) {
  let at = 0;

  function token() {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    TOKEN.lastIndex = SPACE.lastIndex;
    const [found] = TOKEN.exec(text) ?? [];
    demand(found, "no JSON");
    at = TOKEN.lastIndex;
    return found;
  }

  function stringFrom(found) {
    demand(found[0] === '"', "no JSON");
    const string = JSON.parse(found);
    demand(string.isWellFormed(), "half of a surrogate pair");
    return string;
  }

  /** What follows an opening bracket, member by member, up to the closing one. */
  function members(close, take) {
    let found = token();
    if (found === close) {
      return;
    }
    for (;;) {
      take(found);
      found = token();
      if (found === close) {
        return;
      }
      demand(found === ",", "no JSON");
      found = token();
    }
  }

  function value(found, depth) {
    demand(depth <= DEEPEST, "too deep");
    if (found === "{") {
      const object = Object.create(null);
      members("}", (first) => {
        const name = stringFrom(first);
        demand(!(name in object), "a name that comes twice");
        demand(token() === ":", "no JSON");
        object[name] = value(token(), depth + 1);
      });
      return object;
    }
    if (found === "[") {
      const array = [];
      members("]", (first) => array.push(value(first, depth + 1)));
      return array;
    }
    if (WORDS.has(found)) {
      return WORDS.get(found);
    }
    if (/^[-0-9]/.test(found)) {
      return PLAIN_NUMBER.test(found) && Number.isSafeInteger(Number(found)) ? Number(found) : NaN;
    }
    return stringFrom(found);
  }

  const whole = value(token(), 1);
  SPACE.lastIndex = at;
  SPACE.exec(text);
  demand(SPACE.lastIndex === text.length, "no JSON");
  return whole;
}
