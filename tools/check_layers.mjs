// Who may include whom, checked line by line over src/, apps/ and bench/. The table is the design; the link targets of
// CMakeLists.txt keep the same order at link time.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { files_of, root } from "./tracked.mjs";

// Layers of src/ that each layer may include besides itself and base.
export const may_include = {
  base: [],
  core: [],
  ports: ["core"],
  engine: ["core", "ports"],
  sealing: [],
  journal: ["core", "ports", "sealing"],
  ocpp: [],
  stations: ["ocpp", "core", "ports"],
  net: ["ports"],
  api: ["core", "ports"],
  connectors: ["core", "ports"],
  mesh: ["ports"],
  site: ["core", "ports", "ocpp", "mesh", "sealing"],
  bay: ["ports", "ocpp", "mesh"],
};
may_include.sim = Object.keys(may_include);

// Layers that know no library but the standard one.
const std_only = new Set(["base", "core", "ports"]);

// Folders inside a layer that are stricter than it: what they may include of this tree besides themselves. Tests may name
// what their folder may not: framing is tested with the messages of both versions.
const strict_folders = [
  { folder: "bay/safety", allowed: ["base"], why: "the safety logic knows base only" },
  { folder: "ocpp/rpc", forbidden: ["ocpp/v16", "ocpp/v201"], why: "framing knows no protocol version" },
  { folder: "ocpp/v16", forbidden: ["ocpp/v201"], why: "the versions do not know each other" },
  { folder: "ocpp/v201", forbidden: ["ocpp/v16"], why: "the versions do not know each other" },
];

// What connectors share: the supervised link under the fire and the police desks' wires.
const connectors_share = "wire";

const asio = /^boost\/(asio|beast)([/.]|$)/;
const test_libraries = /^(gtest|gmock|rapidcheck|benchmark)([/.]|$)/;
const test_file = /_(test|fuzz)\.cc$/;
// A fixture that puts several layers together for the tests of one: it may include them, only tests may include it.
const fixture = /(^|\/)testing\//;
const source = /^(src|apps|bench)\/.*\.(h|cc|inc)$/;

// Starts of comments inside strings do not matter here: an #include stands alone on its line.
function includes_of(text) {
  const found = [];
  text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .split("\n")
    .forEach((line, index) => {
      const match = /^\s*#\s*(?:include|import)\s*(?:<([^>]+)>|"([^"]+)")/.exec(line);
      if (match) found.push({ line: index + 1, system: match[1], own: match[2] });
    });
  return found;
}

const within = (path, folder) => path.startsWith(folder + "/");

function own_include_error(tree, file, target) {
  if (target.split("/").includes("..")) return `"${target}" climbs with ..; write the path relative to src/`;
  const layer = target.split("/")[0];
  const known = target.includes("/") && layer in may_include;
  if (!file.startsWith("src/")) {
    const beside = [dirname(file), "apps", "bench", "."].some((folder) => existsSync(join(tree, folder, target)));
    return known || beside ? null : `"${target}" is neither relative to src/ nor a file beside this one`;
  }
  if (target.startsWith("apps/") || target.startsWith("bench/")) return `nothing in src/ includes ${target.split("/")[0]}/`;
  if (!known) return `"${target}" is not relative to src/, or its layer is not in the table of tools/check_layers.mjs`;

  const inside = file.slice("src/".length);
  const from = inside.split("/")[0];
  if (fixture.test(target) && !test_file.test(file) && !fixture.test(inside)) return `"${target}" is for tests only`;
  if (fixture.test(inside)) return null;
  if (layer !== from && layer !== "base" && !may_include[from].includes(layer)) {
    const allowed = ["base", ...may_include[from]].filter((name) => name !== from);
    return `${from} may not include ${layer} ("${target}"); it may include ${allowed.join(", ")}`;
  }
  for (const rule of strict_folders) {
    if (!within(inside, rule.folder) || within(target, rule.folder)) continue;
    const refused = rule.allowed ? !rule.allowed.includes(layer) : !test_file.test(file) && rule.forbidden.some((folder) => within(target, folder));
    if (refused) return `${rule.folder} may not include "${target}": ${rule.why}`;
  }
  const own_connector = inside.split("/")[1] === target.split("/")[1] || target.split("/")[1] === connectors_share;
  if (from === "connectors" && layer === "connectors" && !own_connector) {
    return `a connector may not include another ("${target}")`;
  }
  return null;
}

function library_include_error(file, target) {
  const layer = file.startsWith("src/") ? file.split("/")[1] : null;
  if (asio.test(target) && layer !== "net") return `only src/net names Asio and Beast (<${target}>)`;
  if (!std_only.has(layer)) return null;
  if (/^[a-z_]+$/.test(target)) return null;
  if (test_file.test(file) && test_libraries.test(target)) return null;
  return `${layer} knows only the C++ standard library (<${target}>)`;
}

// Every violation of a tree, as "file:line: what".
export function violations(tree, files = files_of(tree)) {
  const out = [];
  for (const file of files) {
    if (!source.test(file)) continue;
    const layer = file.split("/")[1];
    if (file.startsWith("src/") && !(layer in may_include)) {
      out.push(`${file}:1: src/${layer} is not in the table of tools/check_layers.mjs`);
      continue;
    }
    for (const { line, system, own } of includes_of(readFileSync(join(tree, file), "utf8"))) {
      // Libraries are sometimes written with quotes; they are judged by name, not by punctuation.
      const library = system ?? (asio.test(own) ? own : null);
      const error = library ? library_include_error(file, library) : own_include_error(tree, file, own);
      if (error) out.push(`${file}:${line}: ${error}`);
    }
  }
  return out;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tree = resolve(process.argv[2] ?? root);
  const found = violations(tree);
  for (const line of found) console.error(line);
  if (found.length > 0) {
    console.error(`layers: ${found.length} forbidden include(s); "Who may include whom" is in ARCHITECTURE.md`);
    process.exit(1);
  }
}
