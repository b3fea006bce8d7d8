// Bad storage: each case ends with an exit code and a message that says what to do, and loses nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { Server, directory, init, operatorOf, run, serverProgram, smallSite, slotFromTomorrow } from './program.mjs';

const isRoot = process.getuid?.() === 0;

// The journal of a server that has stopped, with everything in its main file.
function journalOf(dir) {
  const journal = path.join(dir, 'journal.db');
  execFileSync('sqlite3', [journal, 'PRAGMA wal_checkpoint(TRUNCATE)']);
  return journal;
}

const serve = (dir, options) =>
  run(serverProgram, ['serve', '--data-dir', dir, '--port', '0'], { limit: 20_000, ...options });

const verify = (dir) => run(serverProgram, ['journal', 'verify', '--data-dir', dir]);

test('a second server on the same data is refused, the first goes on', async (t) => {
  const dir = await directory(t);
  await init(dir);
  const server = await Server.start(t, dir);
  const second = await serve(dir);
  assert.notEqual(second.code, 0);
  assert.match(second.stderr, /another|already|in use|lock/i);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await server.stop()).code, 0);
});

test('SIGTERM ends it with code 0, and the next start finds everything', async (t) => {
  const dir = await directory(t);
  await init(dir);
  let server = await Server.start(t, dir);
  const { driver, bays } = await smallSite(server);
  const made = await driver.post('/bookings', { bay: bays[0], vehicle: driver.vehicle, ...slotFromTomorrow(0) });
  assert.equal((await server.stop()).code, 0);
  server = await Server.start(t, dir);
  driver.server = server;
  assert.equal((await driver.get(`/bookings/${made.booking}`)).status, 200);
  const verified = await verify(dir);
  assert.equal(verified.code, 0, verified.stderr);
  await server.stop();
});

test('a corrupt journal is refused with a message, by the server and by verify', async (t) => {
  const dir = await directory(t);
  await init(dir);
  const server = await Server.start(t, dir);
  await smallSite(server);
  await server.stop();
  const journal = journalOf(dir);
  const { size } = await stat(journal);
  const file = await open(journal, 'r+');
  const noise = Buffer.alloc(64, 0xa5);
  for (let at = 8192; at + 64 < size; at += 4096) await file.write(noise, 0, 64, at);
  await file.close();
  for (const ended of [await serve(dir), await verify(dir)]) {
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /journal/);
    assert.match(ended.stderr, /damaged|malformed|corrupt/);
  }
});

test('one changed byte in the journal is found by verify', async (t) => {
  const dir = await directory(t);
  await init(dir);
  const server = await Server.start(t, dir);
  await smallSite(server);
  await server.stop();
  const journal = journalOf(dir);
  assert.equal((await verify(dir)).code, 0);
  const bytes = await readFile(journal);
  const at = bytes.indexOf('Test site');
  assert.ok(at > 0);
  bytes[at] ^= 0x20;
  await writeFile(journal, bytes);
  const found = await verify(dir);
  assert.equal(found.code, 1);
  assert.match(found.stdout + found.stderr, /record|chain|hash/i);
});

test('a truncated journal is refused with a message', async (t) => {
  const dir = await directory(t);
  await init(dir);
  const server = await Server.start(t, dir);
  await smallSite(server);
  await server.stop();
  const journal = journalOf(dir);
  const { size } = await stat(journal);
  await truncate(journal, Math.floor(size / 2 / 4096) * 4096 + 100);
  const started = await serve(dir);
  assert.equal(started.code, 1);
  assert.match(started.stderr, /journal/);
  assert.match(started.stderr, /damaged|malformed|corrupt|cut short/);
});

test('a file that is no journal is refused with a message', async (t) => {
  const dir = await directory(t);
  await init(dir);
  await writeFile(journalOf(dir), 'this is a shopping list\n'.repeat(500));
  const started = await serve(dir);
  assert.notEqual(started.code, 0);
  assert.match(started.stderr, /journal|not a database|damaged|corrupt/i);
});

test('a directory that cannot be written is refused with a message', async (t) => {
  const dir = await directory(t);
  const locked = path.join(dir, 'locked');
  await mkdir(locked);
  await chmod(dir, 0o755);
  await chmod(locked, 0o555);
  // Root may write anywhere: it becomes nobody for this.
  const started = await run(serverProgram, ['serve', '--data-dir', path.join(locked, 'data'), '--port', '0'], {
    limit: 60_000,
    ...(isRoot && { uid: 65534, gid: 65534 }),
  }).catch((error) => (error.code === 'EACCES' ? null : Promise.reject(error)));
  if (started === null) return t.skip('this build cannot be run by another user');
  assert.notEqual(started.code, 0);
  assert.match(started.stderr, /permission|denied|cannot|writ/i);
});

test('a full disk: requests are refused with 503, and what was acknowledged is there with room again', async (t) => {
  if (!isRoot) return t.skip('mounting a small file system needs root');
  let mounted = null;
  t.after(() => mounted && execFileSync('umount', ['-l', mounted])); // before the directory is removed
  const dir = await directory(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', dir], { stdio: 'pipe' });
  } catch {
    return t.skip('mounting is not permitted here');
  }
  mounted = dir;
  await init(dir);
  let server = await Server.start(t, dir);
  const { driver, bays } = await smallSite(server);
  const staff = await operatorOf(server);
  const filler = await open(path.join(dir, 'filler'), 'w');
  await filler.write(Buffer.alloc(1024));
  for (const block = Buffer.alloc(64 * 1024); ; ) {
    const written = await filler.write(block).catch(() => null);
    if (!written || written.bytesWritten < block.length) break;
  }
  await filler.close();

  const acknowledged = [];
  let refusal = null;
  for (let i = 0; i < 3000 && !refusal; ++i) {
    const amount = { amount: { minor: 1, currency: 'EUR' }, reference: `full-${i}` };
    const answer = await staff.call('POST', `/accounts/${driver.account}/credits`, amount).catch(() => null);
    if (answer?.status === 201) acknowledged.push(`full-${i}`);
    else refusal = answer ?? { status: 0 };
  }
  assert.ok(refusal, 'the disk was never full');
  assert.ok([0, 503].includes(refusal.status), `refused with ${JSON.stringify(refusal)}`);
  await server.kill();
  await truncate(path.join(dir, 'filler'), 0);
  server = await Server.start(t, dir);
  driver.server = server;
  await driver.login('+491713920002', 'driver-of-the-test');
  const wallet = await driver.get('/me/wallet');
  const available = wallet.body.available.find(({ currency }) => currency === 'EUR').minor;
  assert.ok(available >= 1_000_000 + acknowledged.length, `${available} with ${acknowledged.length} acknowledged`);
  await driver.post('/bookings', { bay: bays[0], vehicle: driver.vehicle, ...slotFromTomorrow(0) });
  await server.stop();
});
