// What must not be in the tree: unfinished work, sleeps in tests, secrets and paths of one machine. Also warns of bounds in
// src/base/limits.h that nothing uses: a bound that is not kept protects nothing.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { files_of, root } from "./tracked.mjs";

const source = /\.(cc|h|inc|mjs|js|ts|tsx|css|html|sh|py|sql|cmake|yaml|toml)$|^dev$|^tools\/|(^|\/)CMakeLists\.txt$/;
const cpp_test = /_test\.cc$|^tests\/.*\.(cc|h)$/;
const script_test = /^tests\/.*\.m?[jt]s$|\.test\.m?[jt]s$/;
const binary = /\.(png|jpe?g|gif|ico|pdf|woff2?|gz|zip|db|bin|wasm)$|^tests\/corpus\//;
const itself = /^tools\/check_words(\.test)?\.mjs$/;

// A wait for a condition has to pause between two looks, and a fault may strike after a random while: such a line says
// `poll` or `not a wait`, and is let through.
const polls = /\bpoll|\bnot a wait\b/i;

const rules = [
  // ISO 4217's code for "no currency" is XXX.
  { files: source, pattern: /\b(TODO|FIXME|XXX)\b/, unless: /4217/, says: "unfinished work: finish it or open an issue" },
  {
    files: cpp_test,
    pattern: /\b(sleep_for|sleep_until|usleep|nanosleep)\b|\bsleep\s*\(/,
    unless: polls,
    says: "a test sleeps: wait for a condition with a limit (a pause for another reason says `poll` or `not a wait`)",
  },
  {
    files: script_test,
    pattern: /new Promise\([^)]*\)?\s*=>\s*\{?\s*setTimeout|["'](?:node:)?timers\/promises["']|\bAtomics\.wait\b|\bsleep\s*\(/,
    unless: polls,
    says: "a test sleeps: wait for a condition with a limit (a pause for another reason says `poll` or `not a wait`)",
  },
  { files: /./, pattern: /(?<![\w.-])\/(work|root|home\/\w+)\//, says: "a path of one machine" },
  { files: /./, pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, says: "a private key" },
  { files: /./, pattern: /\b(AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|glpat-[\w-]{20,}|sk_live_\w{16,}|xox[abp]-[\w-]{10,})/, says: "an access key" },
  { files: /./, pattern: /\b[a-z][a-z+]*:\/\/[\w.-]+:(?!\$|<|\{)[^\s@/"'`]{3,}@(?!localhost|127\.0\.0\.1|\$)/, says: "a password in an address" },
];

// Violations as "file:line: what: the line".
export function violations(tree, files = files_of(tree)) {
  const out = [];
  for (const file of files) {
    if (itself.test(file) || binary.test(file)) continue;
    const applicable = rules.filter((rule) => rule.files.test(file));
    readFileSync(join(tree, file), "utf8").split("\n").forEach((line, index) => {
      for (const { pattern, unless, says } of applicable) {
        if (!pattern.test(line) || unless?.test(line)) continue;
        out.push(`${file}:${index + 1}: ${says}: ${line.trim().slice(0, 120)}`);
      }
    });
  }
  return out;
}

export function unused_limits(tree, files = files_of(tree)) {
  const header = "src/base/limits.h";
  if (!existsSync(join(tree, header))) return [];
  const names = [...readFileSync(join(tree, header), "utf8").matchAll(/constexpr\s+[\w:]+\s+(\w+)\s*=/g)].map((match) => match[1]);
  const users = files.filter((file) => /^(src|apps)\/.*\.(cc|h)$/.test(file) && file !== header);
  const used = new Set(users.flatMap((file) => readFileSync(join(tree, file), "utf8").match(/\w+/g) ?? []));
  return names.filter((name) => !used.has(name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tree = resolve(process.argv[2] ?? root);
  const unused = unused_limits(tree);
  if (unused.length > 0) console.error(`warning: bounds of src/base/limits.h that nothing uses: ${unused.join(", ")}`);
  const found = violations(tree);
  for (const line of found) console.error(line);
  if (found.length > 0) process.exit(1);
}
