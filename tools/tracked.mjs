// The files the checks look at: what git tracks or would track (a new file is checked before it is added), without what is
// ignored. Outside a git checkout (a release archive): every file. As a program: prints those that match a pattern.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const skipped_folders = new Set([".git", "build", "node_modules", "data"]);

function walk(folder, found) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped_folders.has(entry.name)) walk(path, found);
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found;
}

// Paths relative to `tree`, sorted.
export function files_of(tree = root) {
  if (!existsSync(join(tree, ".git"))) return walk(tree, []).map((path) => relative(tree, path)).sort();
  // Under sudo the checkout belongs to somebody else; reading its file list is harmless.
  const options = ["-c", `safe.directory=${tree}`, "-C", tree, "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", options, { encoding: "utf8", maxBuffer: 64 << 20 }).split("\0");
  return [...new Set(listed)].filter((path) => path && existsSync(join(tree, path))).sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const pattern = new RegExp(process.argv[2] ?? "");
  for (const path of files_of()) if (pattern.test(path)) console.log(path);
}
