// clang-tidy-16 over the non-test files of src/ and apps/, two at a time. A file that passed is not looked at again until
// something it is made of changes: its text, the headers it includes, its command line, the list of checks, clang-tidy.
// The headers come from ninja's dependency log, so the build directory must be built. Results: build/tidy-cache.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { root } from "./tracked.mjs";

const build = resolve(process.argv[2] ?? join(root, "build/dev"));
const cache = join(root, "build/tidy-cache");
const jobs = 2;
const looked_at = /^(src|apps)\/.*\.cc$/;
const left_out = /_(test|fuzz)\.cc$/;

const sha = (text) => createHash("sha256").update(text).digest("hex");
const file_hashes = new Map();
function hash_of_file(path) {
  if (!file_hashes.has(path)) {
    const ours = path.startsWith(root + "/");
    // The compiler's and the libraries' headers change with their packages only.
    const text = existsSync(path) ? (ours ? readFileSync(path) : `${statSync(path).size} ${statSync(path).mtimeMs}`) : "absent";
    file_hashes.set(path, sha(text));
  }
  return file_hashes.get(path);
}

// object -> files it was made of; a precompiled header stands for what it was made of.
function dependencies() {
  const log = execFileSync("ninja", ["-C", build, "-t", "deps"], { encoding: "utf8", maxBuffer: 1 << 30 });
  const made_of = new Map();
  for (const block of log.split("\n\n")) {
    const [head, ...files] = block.split("\n").filter(Boolean);
    if (head) made_of.set(head.split(":")[0], files.map((file) => resolve(build, file.trim())));
  }
  const expanded = (object) =>
    (made_of.get(object) ?? []).flatMap((file) => (file.endsWith(".pch") ? expanded(relative(build, file)) : [file]));
  return expanded;
}

function work() {
  const made_of = dependencies();
  const config = hash_of_file(join(root, ".clang-tidy")) + execFileSync("clang-tidy-16", ["--version"], { encoding: "utf8" });
  const commands = JSON.parse(readFileSync(join(build, "compile_commands.json"), "utf8"));
  return commands.flatMap(({ file, command }) => {
    const path = relative(root, file);
    if (!looked_at.test(path) || left_out.test(path)) return [];
    const object = / -o (\S+)/.exec(command)[1];
    const inputs = [...new Set([file, ...made_of(object)])].sort();
    const key = sha([config, command, ...inputs.map((input) => input + hash_of_file(input))].join("\n"));
    return [{ path, file, stamp: join(cache, key) }];
  });
}

function tidy({ path, file, stamp }) {
  return new Promise((done) => {
    const started = Date.now();
    execFile("clang-tidy-16", ["--quiet", "-p", build, file], { cwd: root, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const seconds = (Date.now() - started) / 1000;
      if (!error) writeFileSync(stamp, `${path} ${seconds.toFixed(1)} s\n`);
      else console.error(`${stdout}${stderr.replace(/^\d+ warnings?.* generated\.\n/gm, "")}`.trimEnd());
      done({ path, seconds, passed: !error });
    });
  });
}

mkdirSync(cache, { recursive: true });
const all = work();
const pending = all.filter(({ stamp }) => {
  if (!existsSync(stamp)) return true;
  utimesSync(stamp, new Date(), new Date());
  return false;
});
if (pending.length > 0) console.error(`tidy: ${pending.length} of ${all.length} files changed since they passed`);
const results = [];
await Promise.all(
  Array.from({ length: jobs }, async () => {
    for (let next = pending.shift(); next; next = pending.shift()) results.push(await tidy(next));
  }),
);
const slowest = results.sort((a, b) => b.seconds - a.seconds)[0];
if (slowest) console.error(`tidy: ${results.length} files looked at; the slowest, ${slowest.path}, took ${slowest.seconds.toFixed(0)} s`);
const failed = results.filter((result) => !result.passed).length;
if (failed > 0) {
  console.error(`tidy: ${failed} file(s) with findings`);
  process.exit(1);
}
