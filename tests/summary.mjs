// Adds up the result files of a test run: names what failed, and ends with "N passed, N failed".
//
//   node summary.mjs RESULTS_FOLDER STATUS
//
// STATUS is how the run itself ended. The exit code is 0 only when that was 0, something ran and nothing failed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, status] = process.argv.slice(2);
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const plain = (text) => text.replace(/&(\w+);|&#x([0-9a-f]+);|&#(\d+);/gi, (whole, name, hex, decimal) =>
  name ? ENTITIES[name] ?? whole : String.fromCodePoint(hex ? parseInt(hex, 16) : +decimal));
const attribute = (tag, name) => tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? "";

const names = [];
let total = 0, passed = 0, failed = 0;
for (const file of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".trx"))) {
  const text = readFileSync(join(folder, file), "utf8");
  const counters = text.match(/<Counters\s[^>]*>/)?.[0] ?? "";
  const number = (name) => Number(attribute(counters, name) || 0);
  total += number("total");
  passed += number("passed");
  failed += number("failed") + number("error") + number("timeout") + number("aborted");
  for (const [tag] of text.matchAll(/<UnitTestResult\s[^>]*>/g)) {
    if (attribute(tag, "outcome") === "Failed") {
      names.push(plain(attribute(tag, "testName")));
    }
  }
}
if (status !== "0" && failed === 0) {
  // A build that failed or a host that crashed leaves no failed test behind, and is no success.
  names.push(`the run itself, which ended with code ${status}`);
  failed = 1;
  total++;
}

const skipped = total - passed - failed;
const good = status === "0" && failed === 0 && passed > 0;
console.log(["", ...names.sort().map((name) => `Failed: ${name}`), `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`].join("\n"));
process.exitCode = good ? 0 : 1;
