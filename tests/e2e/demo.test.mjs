// The demo as a person and as a script start it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import test from 'node:test';

import { directory, run, simProgram, within } from './program.mjs';

test('demo --headless ends by itself with one line of figures that are sound', { timeout: 240_000 }, async (t) => {
  const tmp = await directory(t);
  const { code, stdout, stderr } = await run(
    simProgram,
    ['demo', '--headless', '--port', '0', '--minutes', '0.4', '--bays', '24'],
    { env: { ...process.env, TMPDIR: tmp }, limit: 200_000 },
  );
  assert.equal(code, 0, stderr.slice(-3000));
  const lines = stdout.trim().split('\n');
  assert.equal(lines.length, 1);
  const figures = JSON.parse(lines[0]);
  assert.deepEqual(Object.keys(figures), [
    'bookings',
    'visits',
    'charging_sessions',
    'energy_wh',
    'billed_minor',
    'ledger_sum',
    'overlaps',
    'unanswered_calls',
  ]);
  for (const name of ['bookings', 'visits', 'charging_sessions', 'energy_wh', 'billed_minor']) {
    assert.ok(figures[name] > 0, `${name} is ${figures[name]}`);
  }
  for (const name of ['ledger_sum', 'overlaps', 'unanswered_calls']) assert.equal(figures[name], 0, name);
  assert.deepEqual(await readdir(tmp), [], 'the temporary directory is gone');
});

test('demo prints its address and logins, and Ctrl-C ends it cleanly', { timeout: 120_000 }, async (t) => {
  const tmp = await directory(t);
  const child = spawn(simProgram, ['demo', '--port', '0', '--bays', '12'], {
    env: { ...process.env, TMPDIR: tmp },
  });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let output = '';
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  const welcomed = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      output += data;
      if (output.includes('stop with Ctrl-C')) resolve();
    });
  });
  await within(Promise.race([welcomed, closed]), 90_000, 'the demo says where it is');
  const address = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
  assert.ok(address, output + errors);
  for (const role of ['driver', 'owner', 'property', 'operator']) {
    const [, phone, password] = new RegExp(`${role} .*?(\\+\\d+) +password (\\S+)`).exec(output);
    const answer = await fetch(`${address}/api/v1/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone, password }),
    });
    assert.equal(answer.status, 200, role);
    assert.ok((await answer.json()).roles.includes(role));
  }
  child.kill('SIGINT');
  const [code] = await within(closed, 60_000, 'the demo ends');
  assert.equal(code, 0, errors);
  assert.deepEqual(await readdir(tmp), [], 'the temporary directory is gone');
  await assert.rejects(fetch(`${address}/healthz`), 'the server has ended, too');
});
