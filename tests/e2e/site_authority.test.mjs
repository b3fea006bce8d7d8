// Near slots belong to the site's controller: the real server, the real bayward-site with its own connection, and a
// charger behind it. With the link up the platform sells through the site's consent; with the site away it says so; with
// the platform away the site holds and charges on the spot, and the books have it afterwards, once.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { card, Charger, chargingSite, eventually, sessionOf } from '../conformance/charging_site.mjs';
import { directory, Server } from './program.mjs';
import { Site, siteConfig } from './site_program.mjs';

const quarter = 900_000;
const now = () => new Date().toISOString();
const slot = (ahead) => new Date(Math.floor(Date.now() / quarter) * quarter + ahead * quarter).toISOString();

// A quarter hour that is about to end would end in the middle of the test.
async function notAtAnEdge() {
  const left = quarter - (Date.now() % quarter);
  if (left >= 45_000) return;
  await new Promise((resolve) => setTimeout(resolve, left + 500)); // not a wait for anything but the clock
}

async function controlledSite(t, identity) {
  await notAtAnEdge();
  const place = await chargingSite(t, identity);
  const { password } = await place.staff.post(`/sites/${place.site}/stations`, { identity: 'SITE-1', controller: true });
  const dir = await directory(t);
  const file = path.join(dir, 'password');
  await writeFile(file, `${password}\n`);
  const more = `[controller]\nidentity = "SITE-1"\npassword_file = "${file}"\n`;
  const config = await siteConfig(dir, `ws://127.0.0.1:${place.server.port}/ocpp`, more);
  const site = await Site.start(t, config);
  await briefed(site);
  return { ...place, siteId: place.site, config, site, atSite: { ...place, server: site } };
}

const briefed = (site) =>
  eventually(
    async () => (await site.health()).controller,
    (controller) => controller.connected && Date.parse(controller.slots_until) > Date.now(),
    'the site has been handed its slots',
    20_000,
  );

const want = (place, from, slots = 1, more = {}) => ({
  bay: place.bay,
  vehicle: place.driver.vehicle,
  start: slot(from),
  end: slot(from + slots),
  ...more,
});

test('the platform sells near slots through the site, later ones alone, and says when the site is away', async (t) => {
  const place = await controlledSite(t, 'CP-N');
  const near = await place.driver.call('POST', '/bookings', want(place, 0), { 'idempotency-key': 'near-1' });
  assert.equal(near.status, 201, JSON.stringify(near.body));
  assert.equal(near.body.phase, 'confirmed');
  // The same key again is the same booking, and the slot is nobody else's.
  const again = await place.driver.call('POST', '/bookings', want(place, 0), { 'idempotency-key': 'near-1' });
  assert.equal(again.body.booking, near.body.booking, JSON.stringify(again.body));
  const other = await place.driver.call('POST', '/bookings', want(place, 0));
  assert.equal(other.body.code, 'slot_taken');
  const health = (await place.site.health()).controller;
  await eventually(async () => (await place.site.health()).controller.told, (told) => told === 1, 'the site knows that it is booked');
  assert.equal(health.lost_memory, false);

  await place.site.kill();
  await place.driver.post(`/bookings/${near.body.booking}/cancel`);
  const refused = await eventually(
    () => place.driver.call('POST', '/bookings', want(place, 0)),
    (answer) => answer.status === 409 && answer.body.code !== 'slot_taken',
    'the platform notices that the site is away',
  );
  assert.equal(refused.body.code, 'site_offline');
  assert.match(refused.body.detail, /can't be reached/);
  const later = await place.driver.call('POST', '/bookings', want(place, 3));
  assert.equal(later.status, 201, JSON.stringify(later.body));

  place.site = await Site.start(t, place.config);
  await briefed(place.site);
  const back = await eventually(
    () => place.driver.call('POST', '/bookings', want(place, 0)),
    (answer) => answer.status === 201 || answer.body.code === 'slot_taken',
    'the site decides again',
  );
  assert.ok(back.status === 201 || back.body.code === 'slot_taken');
});

test('a walk-up decided on the spot while the platform is away is a booking with its bill afterwards, once', async (t) => {
  const place = await controlledSite(t, 'CP-W');
  const charger = await Charger.connect(t, place.atSite, 'CP-W', 'ocpp1.6');
  await charger.call('BootNotification', { chargePointVendor: 'Other', chargePointModel: 'Judge' });
  // The platform knows this card: the site remembers what it heard. The tap itself is a walk-up: it is given back first.
  assert.equal((await charger.call('Authorize', { idTag: card })).idTagInfo.status, 'Accepted');
  const [tapped] = await eventually(
    async () => (await place.driver.get('/me/bookings?phase=confirmed')).body.items,
    (items) => items?.length === 1,
    'the tap has made a walk-up through the site',
  );
  assert.equal(tapped.kind, 'walk_up');
  const controller = async () => (await place.site.health()).controller;
  await eventually(controller, ({ told, claims }) => told === 1 && claims === 1, 'the site knows that it is booked');
  await place.driver.post(`/bookings/${tapped.booking}/cancel`);
  await eventually(controller, ({ claims }) => claims === 0, 'the site knows that it is free again');
  await place.server.kill();

  const started = await charger.call('StartTransaction', { connectorId: 1, idTag: card, meterStart: 0, timestamp: now() });
  assert.equal(started.idTagInfo.status, 'Accepted');
  assert.notEqual((await charger.call('Authorize', { idTag: 'STRANGER' })).idTagInfo.status, 'Accepted');
  assert.equal((await place.site.health()).controller.waiting, 1);
  await place.site.kill(); // what was given is on disk
  await charger.client.close({ force: true }).catch(() => {});
  place.site = await Site.start(t, place.config);
  assert.equal((await place.site.health()).controller.waiting, 1);

  const server = await Server.start(t, place.dataDir, [], place.server.port);
  for (const person of [place.staff, place.driver]) person.server = server;
  const back = await Charger.connect(t, { ...place, server: place.site }, 'CP-W', 'ocpp1.6');
  await back.call('StopTransaction', { transactionId: started.transactionId, meterStop: 6_000, timestamp: now() });
  const items = await eventually(
    async () => (await place.driver.get('/me/bookings')).body.items.filter((one) => one.booking !== tapped.booking),
    (found) => found.length === 1,
    'the walk-up is a booking, once',
    20_000,
  );
  const session = await sessionOf(place, items[0].booking);
  const done = await eventually(
    async () => (await place.driver.get(`/sessions/${session.id}`)).body,
    (body) => body.open === false,
    'its session has ended',
  );
  assert.equal(done.energy_wh, 6_000);
  assert.equal((await place.site.health()).controller.waiting, 0);
});
