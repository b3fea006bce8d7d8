// B3, A8: a car that doesn't belong stands in a booked bay: the fee by the site's rules, the notice, the appeal, the money
// back; and a car that nobody knows is a claim for the office. The real server, a charger that is not ours.
import assert from 'node:assert/strict';
import test from 'node:test';

import { chargingSite } from '../conformance/charging_site.mjs';
import { connect, notice } from './alarm_site.mjs';
import { eventually, Person, run, serverProgram } from './program.mjs';

async function park(charger, plate) {
  await notice(charger, 'BayOccupancySensor', 'Active', 'true');
  await notice(charger, 'VehicleIdSensor', 'VehicleId', plate);
  await notice(charger, 'BayOccupancySensor', 'Active', 'false');
}
const claims = (person, path) =>
  eventually(
    async () => (await person.get(path)).body.items,
    (items) => items.length > 0,
    'a claim',
  );

test('a wrong parker pays the fee of the site, appeals, and gets it back; a stranger is on record', async (t) => {
  const place = await chargingSite(t, 'CS-FIRE');
  const { body: rules } = await place.staff.get(`/sites/${place.site}/rules`);
  const wrong = await place.staff.call('PUT', `/sites/${place.site}/rules`, { ...rules, wrong_parking_fee_minor: -1 });
  assert.equal(wrong.status, 400);
  const set = await place.staff.call('PUT', `/sites/${place.site}/rules`, { ...rules, wrong_parking_fee_minor: 3000, wrong_parking_grace_s: 0 });
  assert.equal(set.status, 200);

  const stranger = new Person(place.server);
  await stranger.post('/register', { phone: '+491713920077', password: 'stranger-of-the-test', name: 'Wrong' });
  await stranger.login('+491713920077', 'stranger-of-the-test');
  await stranger.post('/me/vehicles', { plate: 'B-AD 1', connector: 'iec_62196_t2' });

  const charger = await connect(t, place);
  await park(charger, 'B-AD 1');
  const [claim] = await claims(stranger, '/me/claims');
  assert.equal(claim.phase, 'charged');
  assert.deepEqual(claim.fee, { minor: 3000, currency: 'EUR' });
  assert.equal(claim.bay_label, 'A-1');
  const available = async () => (await stranger.get('/me/wallet')).body.available[0].minor;
  assert.equal(await available(), -3000, 'a debt: the wallet was empty');
  const told = await eventually(
    async () => (await stranger.get('/me/notices')).body.items,
    (items) => items.some(({ notice }) => notice === 'wrong_parking_fee'),
    'the driver is told',
  );
  assert.deepEqual(told.find(({ notice }) => notice === 'wrong_parking_fee').amount, { minor: 3000, currency: 'EUR' });
  assert.equal((await place.driver.get('/me/claims')).body.items.length, 0, 'nobody else sees it');

  // The appeal is a dispute: of the wrong parker alone, decided by the office, paid back in the same record.
  assert.equal((await place.driver.call('POST', `/bookings/${claim.claim}/dispute`, { reason: 'not_me' })).status, 404);
  await stranger.post(`/bookings/${claim.claim}/dispute`, { reason: 'not_me', text: 'That was not my car.' });
  const { body: disputes } = await place.staff.get(`/sites/${place.site}/disputes`);
  assert.equal(disputes.items[0].bay_label, 'A-1');
  assert.equal(disputes.items[0].text, 'That was not my car.');
  assert.equal((await stranger.call('POST', `/bookings/${claim.claim}/dispute/decision`, { refund_minor: 3000 })).status, 403);
  await place.staff.post(`/bookings/${claim.claim}/dispute/decision`, { refund_minor: 3000, reply: 'You are right.' });
  assert.equal(await available(), 0);
  assert.equal((await claims(stranger, '/me/claims'))[0].dispute, 'refunded');

  // Nobody's plate.
  await park(charger, 'X-YZ 99');
  const open = await eventually(
    async () => (await place.staff.get(`/sites/${place.site}/claims`)).body.items,
    (items) => items.some(({ phase }) => phase === 'open'),
    'a claim against nobody known',
  );
  const unknown = open.find(({ phase }) => phase === 'open');
  assert.equal(unknown.account, null);
  await place.staff.post(`/claims/${unknown.claim}/settle`, { paid: false });
  assert.equal((await place.staff.call('POST', `/claims/${unknown.claim}/settle`, { paid: true })).status, 409);
  assert.equal((await place.staff.get(`/sites/${place.site}/claims`)).body.items[0].phase, 'waived');

  await place.server.stop();
  const verified = await run(serverProgram, ['journal', 'verify', '--data-dir', place.dataDir]);
  assert.equal(verified.code, 0, verified.stderr);
  const exported = await run(serverProgram, ['journal', 'export', '--data-dir', place.dataDir]);
  for (const name of ['WrongParkingClaimed', 'FundsCaptured', 'DisputeDecided', 'BookingRefunded', 'ClaimSettled']) {
    assert.ok(exported.stdout.includes(`"${name}"`), `${name} is in the journal`);
  }
  assert.doesNotMatch(exported.stdout, /B-?AD ?1|not my car/, 'no plate and no words of people are');
});
