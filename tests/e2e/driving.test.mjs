// A6 through the real server: a driver agrees, the police's record is put in, the search goes by it with its reason; the
// consent is withdrawn and nothing of it is left, on disk neither.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { directory, eventually, init, run, Server, serverProgram, slotFromTomorrow, smallSite } from './program.mjs';

async function firstOffer(driver) {
  const found = await driver.post('/search', { destination: { latitude: 48.1, longitude: 11.5 }, ...slotFromTomorrow(0), vehicle: driver.vehicle });
  return found.items[0];
}

test('A6: accidents change the search with consent, and are erased with it', async (t) => {
  const dataDir = path.join(await directory(t), 'data');
  await init(dataDir);
  let server = await Server.start(t, dataDir);
  const place = await smallSite(server);
  const { staff, driver, bays } = place;
  await staff.call('PATCH', `/bays/${bays[2]}`, { clear_sides: ['left'] });
  await staff.call('PATCH', `/bays/${bays[1]}`, { clear_sides: ['right'] });
  const accident = { plate: 'M-AN 1', date: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10), side: 'left', reference: 'KA-2026-4711' };
  const record = () => staff.call('POST', '/accidents', accident, { 'idempotency-key': accident.reference });

  assert.equal((await staff.call('POST', '/accidents', accident)).body.code, 'no_consent');
  assert.equal((await staff.call('POST', '/accidents', { ...accident, plate: 'X-YZ 9' })).body.code, 'no_consent');
  assert.equal((await firstOffer(driver)).bay, bays[0]);

  assert.equal((await driver.call('PUT', '/me/driving', { consent: true })).status, 204);
  assert.equal((await record()).status, 201);
  assert.equal((await record()).status, 201, 'the same key is the same record');
  const offer = await firstOffer(driver);
  assert.equal(offer.bay, bays[2]);
  assert.ok(offer.reasons.includes('clear_side'));
  const mine = (await driver.get('/me/driving')).body;
  assert.deepEqual(mine.accidents.map(({ side, reference }) => [side, reference]), [['left', accident.reference]]);

  // Whoever else reads it is on record; the record itself has neither plate nor date nor side.
  assert.equal((await staff.get(`/accounts/${driver.account}/accidents`)).body.items.length, 1);
  await server.stop();
  const { stdout } = await run(serverProgram, ['journal', 'export', '--data-dir', dataDir]);
  assert.match(stdout, /AccidentsRead/);
  assert.match(stdout, /AccidentRecorded/);
  assert.equal(stdout.includes(accident.reference), false);

  server = await Server.start(t, dataDir);
  for (const person of [staff, driver]) person.server = server;
  assert.equal((await firstOffer(driver)).bay, bays[2], 'after a restart as well');
  assert.equal((await driver.call('PUT', '/me/driving', { consent: false })).status, 204);
  assert.equal((await firstOffer(driver)).bay, bays[0]);
  assert.deepEqual((await driver.get('/me/driving')).body.accidents, []);
  assert.equal((await staff.call('POST', '/accidents', { ...accident, reference: 'next' })).body.code, 'no_consent');
  assert.deepEqual((await eventually(() => staff.get(`/accounts/${driver.account}/accidents`), ({ status }) => status === 200, 'the list')).body.items, []);
  await server.stop();
  for (const name of await readdir(dataDir)) {
    const bytes = await readFile(path.join(dataDir, name)).catch(() => Buffer.alloc(0));
    assert.equal(bytes.includes(accident.reference), false, `${name} still has it`);
  }
});
