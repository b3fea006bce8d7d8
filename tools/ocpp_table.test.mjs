import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { case_rows, tests_of } from "./ocpp_table.mjs";

test("a test has the comment right before it, and nothing of the next one's", () => {
  const text = 'TEST(A, One) { "Heartbeat"; }\n\n// TC_B_01_CSMS\n// more\nTEST(A, Two) {}\n';
  const found = tests_of("/x/src/stations/v2/a_test.cc", text);
  assert.deepEqual(found.map(({ name }) => name), ["A.One", "A.Two"]);
  assert.ok(!found[0].text.includes("TC_B_01"));
  assert.ok(found[1].text.includes("TC_B_01_CSMS"));
  assert.deepEqual(found[0].versions, ["ocpp2.0.1", "ocpp2.1"]);
});

test("a case passes only with a test that names it", () => {
  const tests = [{ name: "A.Two", text: "// TC_B_01_CSMS" }];
  const rows = case_rows("# comment\nB tested 01 02\nB never: too old; 03\nB message Reset 04\n", tests).slice(2);
  assert.deepEqual(rows.map((row) => row.split(" | ")[1].split(":")[0]), ["passes", "open", "not applicable", "open"]);
  assert.throws(() => case_rows("B perhaps 01\n", tests));
});

test("the tables of docs/ocpp.md are what the tests say", () => {
  const told = spawnSync(process.execPath, [fileURLToPath(new URL("ocpp_table.mjs", import.meta.url)), "--check"], { encoding: "utf8" });
  assert.equal(told.status, 0, told.stderr);
});
