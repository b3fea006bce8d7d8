// node tools/ocpp_table.mjs [--check]: writes the tables of docs/ocpp.md between their marks, from the tests.
//
// An action is covered by every test that names it; a case of part 6 by every test in whose comment or name it stands
// (`// TC_A_01_CSMS`). Tests are TEST(...) of src/net, src/ocpp, src/stations and test('...') of tests/conformance. --check fails
// when the file would change.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const page = join(root, "docs/ocpp.md");
const versions = ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"];

function files_below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files_below(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

// Each test with the comment before it: { name, text, versions }.
export function tests_of(file, text) {
  const cpp = file.endsWith(".cc");
  const start = cpp ? /^TEST(?:_[FP])?\((\w+), (\w+)\)/gm : /^ *(?:await t\.)?test\(\s*[`'"](.+?)[`'"],/gm;
  const found = [...text.matchAll(start)];
  // Where the comment right before a test begins.
  const begins = found.map(({ index }) => {
    let at = index;
    for (;;) {
      const line = text.lastIndexOf("\n", at - 2) + 1;
      if (at === 0 || !text.slice(line, at).trimStart().startsWith("//")) return at;
      at = line;
    }
  });
  return found.map((match, index) => {
    const body = text.slice(begins[index], begins[index + 1] ?? text.length);
    const named = /v16/.test(file) ? ["ocpp1.6"] : /\/v2\//.test(file) ? ["ocpp2.0.1", "ocpp2.1"] : versions.filter((one) => body.includes(one));
    const place = relative(root, file);
    return {
      name: cpp ? `${match[1]}.${match[2]}` : `${place.split("/").pop()}: ${match[1]}`,
      text: body,
      versions: named.length > 0 ? named : versions,
    };
  });
}

function all_tests() {
  const files = ["src/net", "src/ocpp", "src/stations", "tests/conformance"]
    .flatMap((folder) => files_below(join(root, folder)))
    .filter((file) => /_test\.cc$|\.test\.mjs$/.test(file));
  return files.flatMap((file) => tests_of(file, readFileSync(file, "utf8")));
}

const shown = (names) => (names.length > 3 ? `${names.slice(0, 3).join("<br>")}<br>and ${names.length - 3} more` : names.join("<br>"));

function action_rows(tests) {
  const text = readFileSync(join(root, "tests/conformance/ocpp_actions.test.mjs"), "utf8");
  const rows = [];
  for (const version of versions) {
    const block = new RegExp(`'${version.replaceAll(".", "\\.")}': \\{([\\s\\S]*?)\n  \\},`).exec(text)[1];
    const by_station = /byStation: \[([\s\S]*?)\]/.exec(block)[1];
    const not_served = new Map([...block.matchAll(/^ {6}(\w+): '(.*)',$/gm)].map(([, action, why]) => [action, why]));
    const actions = require(`ocpp-rpc/lib/schemas/${version.replaceAll(".", "_")}.json`).map(({ $id }) => /urn:(\w+?)(?:\.req|Request)$/.exec($id)?.[1]).filter(Boolean);
    for (const action of actions.sort()) {
      if (not_served.has(action)) {
        rows.push(`| ${version} | ${action} | station | open: ${not_served.get(action)} | ocpp_actions.test.mjs: ${version}: NotSupported is said of ${action} |`);
        continue;
      }
      const theirs = by_station.includes(`'${action}'`);
      const caller = action === "DataTransfer" ? "both" : theirs ? "station" : "we";
      const behaviour = tests.filter((test) => test.versions.includes(version) && test.text.includes(`"${action}"`) && !test.name.startsWith("ocpp_actions"));
      const every = `ocpp_actions.test.mjs: ${version}: ${theirs ? "the station calls" : "we call"} ${action}`;
      rows.push(`| ${version} | ${action} | ${caller} | passes | ${shown([every, ...behaviour.map(({ name }) => name)])} |`);
    }
  }
  return ["| version | action | called by | state | tests |", "|---|---|---|---|---|", ...rows];
}

export function case_rows(groups, tests) {
  const rows = [];
  for (const line of groups.split("\n").filter((one) => one && !one.startsWith("#"))) {
    const [, block, state, numbers] = /^([A-Z]) (tested|message \w+|never: [^;]+;|open: [^;]+;) ([\d ]+)$/.exec(line) ?? [];
    if (!block) throw new Error(`ocpp_cases.txt: ${line}`);
    for (const number of numbers.split(" ")) {
      const id = `TC_${block}_${number}_CSMS`;
      const covered = tests.filter(({ text }) => text.includes(id)).map(({ name }) => name);
      const given = { "never: ": `not applicable: ${state.slice(7, -1)}`, "open: ": `open: ${state.slice(6, -1)}` };
      const why = Object.entries(given).find(([kind]) => state.startsWith(kind))?.[1];
      const message = state.startsWith("message ") ? `open: ${state.slice(8)} goes out and its answer is shown, the scenario has no test` : "open: no test yet";
      rows.push({ id, row: `| ${id} | ${why ?? (covered.length > 0 ? "passes" : message)} | ${shown(covered)} |` });
    }
  }
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  return ["| case | state | tests |", "|---|---|---|", ...rows.map(({ row }) => row)];
}

function between(text, mark, lines) {
  const [begin, end] = [`<!-- ${mark}: made by tools/ocpp_table.mjs -->`, `<!-- end of ${mark} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/ocpp.md: the marks of ${mark} are missing`);
  return `${text.slice(0, from)}${begin}\n${lines.join("\n")}\n${text.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const tests = all_tests();
  const before = readFileSync(page, "utf8");
  const cases = case_rows(readFileSync(join(root, "tests/conformance/ocpp_cases.txt"), "utf8"), tests);
  const after = between(between(before, "actions", action_rows(tests)), "cases", cases);
  if (process.argv.includes("--check")) {
    if (after !== before) {
      console.error("docs/ocpp.md is not what the tests say: node tools/ocpp_table.mjs");
      process.exit(1);
    }
  } else {
    writeFileSync(page, after);
    const count = (state) => cases.filter((row) => row.includes(`| ${state}`)).length;
    console.log(`cases: ${count("passes")} pass, ${count("not applicable")} not applicable, ${count("open")} open`);
  }
}
