// Our CAP 1.2 documents, judged by xmllint with the schema of OASIS. Skipped, and says so, without either.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, programs, root, run } from '../e2e/program.mjs';

const schema = path.join(process.env.BAYWARD_DATA ?? path.join(root, '../shared/data'), 'cap/cap12.xsd');
const skip = existsSync(schema) ? false : `${schema} is missing: set BAYWARD_DATA`;

async function documents(t) {
  const folder = await directory(t);
  const written = await run(path.join(programs, 'cap_writer'), [folder]);
  assert.equal(written.code, 0, written.stderr);
  return written.stdout.trim().split('\n');
}

test('every kind of incident as alert, update and cancel is valid by the schema of OASIS', { skip }, async (t) => {
  const files = (await documents(t)).filter((file) => !file.endsWith('atom.xml'));
  assert.equal(files.length, 50);
  const judged = await run('xmllint', ['--noout', '--nonet', '--schema', schema, ...files]);
  assert.equal(judged.code, 0, judged.stderr);
});

test('the schema does refuse what is wrong: a time with Z', { skip }, async (t) => {
  const [file] = await documents(t);
  const spoilt = (await readFile(file, 'utf8')).replace(/<sent>.*<\/sent>/, '<sent>2026-03-29T01:00:03Z</sent>');
  const judged = await run('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input: spoilt });
  assert.notEqual(judged.code, 0);
});

test('a cancel names what it ends; the list has each incident once, newest first', async (t) => {
  const files = await documents(t);
  const over = await readFile(files.find((file) => file.includes('thermal_danger-.over')), 'utf8');
  assert.match(over, /<msgType>Cancel<\/msgType>/);
  assert.match(over, /<references>bayward\.rosenhof\.example,inc-\w+\.r1\.thermal_danger\.danger,2026-03-2\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d</);
  assert.match(over, /All clear: Overheated/);
  assert.match(over, /警报解除：充电设备过热/);
  const atom = await readFile(files.at(-1), 'utf8');
  const ids = [...atom.matchAll(/<title>(inc-\w+)/g)].map((match) => match[1]);
  assert.equal(ids.length, 20);
  assert.equal(new Set(ids).size, 20);
  assert.match(atom, /type="application\/cap\+xml" href="https:\/\/rosenhof\.example\/cap\/inc-/);
});
