// `bayward-server ca` and `bayward-server stations`: an operator at the shell of the server.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, init, operatorOf, run, Server, serverProgram, smallSite } from './program.mjs';

test('an operator looks after stations at the shell', async (t) => {
  const dataDir = await directory(t);
  await init(dataDir);
  const server = await Server.start(t, dataDir);
  const { site } = await smallSite(server, { bays: 1 });
  const staff = await operatorOf(server);
  const { station } = await staff.post(`/sites/${site}/stations`, { identity: 'CP-1' });
  const tokenFile = path.join(dataDir, 'token');
  await writeFile(tokenFile, `${staff.token}\n`);
  const ask = (...args) => run(serverProgram, ['stations', ...args, '--server', server.url, '--token-file', tokenFile]);

  const order = await ask('order', station, '{"order":"reset"}');
  assert.equal(order.code, 0, order.stderr);
  assert.equal(JSON.parse(order.stdout).outcome, 'offline');
  const security = await ask('set-security', station, '{"profile":2}');
  assert.equal(JSON.parse(security.stdout).profile, 2);
  assert.equal(JSON.parse((await ask('security', station)).stdout).profile, 2);
  assert.deepEqual(JSON.parse((await ask('events', station)).stdout).items.map(({ type }) => type), ['SecurityChanged']);
  assert.deepEqual(JSON.parse((await ask('pending')).stdout).items, []);

  const wrong = await ask('order', station, '{"order":"dance"}');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /400/);
  const nobody = await run(serverProgram, ['stations', 'pending', '--server', server.url, '--token-file', '/nowhere']);
  assert.match(nobody.stderr, /token/);

  const roots = await run(serverProgram, ['ca', 'roots', '--data-dir', dataDir]);
  const told = await fetch(`${server.url}/api/v1/station-authority`, { headers: { authorization: `Bearer ${staff.token}` } });
  assert.equal(roots.stdout, await told.text());
  assert.equal(roots.stdout.match(/BEGIN CERTIFICATE/g).length, 2);
  const empty = await run(serverProgram, ['ca', 'roots', '--data-dir', await directory(t)]);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /init/);
});
