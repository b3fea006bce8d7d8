// GB/T 28181 judged by sipp (Debian's sip-tester) as the platform, and by a small platform of the tests: registration with
// digest, alarm, Response; wrong password; a platform that is away, forgets us, is mute or sends garbage.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { directory, eventually, root } from '../e2e/program.mjs';
import { Client } from './fire_client.mjs';
import { SipPlatform } from './sip_platform.mjs';

const sippThere = spawnSync('sipp', ['-v']).error === undefined;
const fast = { answer: 500, pause: 100, supervision: 1000 };

async function freePort() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

async function sipp(t, transport) {
  const dir = await directory(t);
  const port = await freePort();
  const scenario = path.join(root, 'tests/conformance/gb28181_platform.xml');
  const args = ['-sf', scenario, '-i', '127.0.0.1', '-p', String(port), '-t', transport, '-nostdin', '-trace_err', '-error_file', path.join(dir, 'errors')];
  const child = spawn('sipp', args, { cwd: dir, stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });
  return port;
}

for (const [protocol, transport] of [
  ['sip', 'u1'],
  ['sip-tcp', 't1'],
]) {
  test(`sipp takes our registration with digest, the alarm and answers it (${protocol})`, { skip: sippThere ? false : 'sipp is not installed (Debian: sip-tester)' }, async (t) => {
    const port = await sipp(t, transport);
    const client = new Client(t, protocol, [`127.0.0.1:${port}`], fast);
    client.tell('send 1 panic_button alarm');
    assert.equal((await client.result(1)).result, 'delivered');
    client.tell('send 2 panic_button all_clear');
    assert.equal((await client.result(2)).result, 'delivered');
    client.tell('send 3 watch_list alarm');
    assert.equal((await client.result(3)).result, 'impossible');
  });
}

test('sipp refuses a wrong password: no alarm is delivered', { skip: sippThere ? false : 'sipp is not installed (Debian: sip-tester)' }, async (t) => {
  const port = await sipp(t, 'u1');
  const client = new Client(t, 'sip', [`127.0.0.1:${port}`], { ...fast, password: 'wrong' });
  client.tell('send 1 panic_button alarm');
  assert.equal((await client.result(1, 30_000)).result, 'failed');
});

test('an alarm waits out a platform that is away, mute, forgetful or sends garbage', async (t) => {
  const platform = await new SipPlatform().listen();
  t.after(() => platform.close());
  const client = new Client(t, 'sip', [`127.0.0.1:${platform.port}`], fast);
  client.tell('send 1 panic_button alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(platform.alarms[0].AlarmPriority, '1');
  assert.match(platform.alarms[0].AlarmDescription, /玫瑰园/);
  await eventually(
    () => platform.keepalives,
    (count) => count > 0,
    'it keeps alive',
  );

  platform.registered = false; // forgets us
  client.tell('send 2 emergency_stop alarm');
  assert.equal((await client.result(2)).result, 'delivered');
  assert.equal(platform.registrations, 2);

  platform.mute = true;
  client.tell('send 3 panic_button alarm');
  assert.equal((await client.result(3, 30_000)).result, 'failed', 'the core comes back with it');
  platform.mute = false;
  client.tell('send 3 panic_button alarm');
  assert.equal((await client.result(3, 30_000)).ended, 3);

  platform.respond = false; // accepts, and never sends the Response
  client.tell('send 4 panic_button alarm');
  assert.equal((await client.result(4, 30_000)).result, 'failed');
  assert.deepEqual(platform.complaints, []);
});

test('the second address serves when nobody is at the first', async (t) => {
  const platform = await new SipPlatform().listen();
  t.after(() => platform.close());
  const client = new Client(t, 'sip', [`127.0.0.1:${await freePort()}`, `127.0.0.1:${platform.port}`], fast);
  client.tell('send 1 panic_button alarm');
  assert.equal((await client.result(1, 30_000)).result, 'delivered');
});
