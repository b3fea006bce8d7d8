// kill -9 under load: what was acknowledged is there after the restart. BAYWARD_KILLS=100 does it a hundred times.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Person, Server, directory, eventually, init, operator, smallSite, slotFromTomorrow } from './program.mjs';

const kills = Number(process.env.BAYWARD_KILLS ?? 5);
const parallel = 8;
const acknowledged_before_kill = 40;

// Books slot after slot and credits euro after euro until the connection breaks; keeps what was acknowledged.
async function load(world, round, worker, done) {
  const { driver, staff, bays, account } = world;
  try {
    for (;;) {
      const slot = world.next++;
      const span = slotFromTomorrow(Math.floor(slot / bays.length), 1);
      const wish = { bay: bays[slot % bays.length], vehicle: driver.vehicle, ...span };
      const booked = await driver.call('POST', '/bookings', wish, { 'idempotency-key': `slot-${slot}` });
      if (booked.status === 201) world.bookings.set(booked.body.booking, wish);
      // 64 open bookings an account: what is full is no failure, and cancelling makes room.
      if (booked.status === 201 && world.bookings.size % 2 === 0) {
        const cancelled = await driver.call('POST', `/bookings/${booked.body.booking}/cancel`, {});
        if (cancelled.status === 200) world.cancelled.add(booked.body.booking);
      }
      const reference = `credit-${round}-${worker}-${slot}`;
      const credit = { amount: { minor: 1, currency: 'EUR' }, reference };
      const paid = await staff.call('POST', `/accounts/${account}/credits`, credit);
      if (paid.status === 201) world.credits.add(reference);
      done();
    }
  } catch (error) {
    if (error.name !== 'TypeError' && error.name !== 'SyntaxError') throw error; // fetch: the connection broke
  }
}

async function check(world) {
  for (const [booking, wish] of world.bookings) {
    const answer = await world.driver.get(`/bookings/${booking}`);
    assert.equal(answer.status, 200, `${booking} is lost`);
    assert.equal(answer.body.bay, wish.bay);
    assert.equal(Date.parse(answer.body.start), Date.parse(wish.start));
    if (world.cancelled.has(booking)) assert.equal(answer.body.end_reason, 'cancelled');
    if (world.cancelled.has(booking)) world.bookings.delete(booking);
  }
  const found = new Set();
  await eventually(
    async () => {
      let cursor = '';
      do {
        const page = await world.driver.get(`/me/ledger?limit=200${cursor}`);
        for (const entry of page.body.items ?? []) found.add(entry.reference);
        cursor = page.body.next ? `&cursor=${encodeURIComponent(page.body.next)}` : '';
      } while (cursor);
      return [...world.credits].filter((reference) => !found.has(reference));
    },
    (missing) => missing.length === 0,
    'every acknowledged credit stands in the ledger',
  );
  const stats = await eventually(
    () => world.staff.get('/stats'),
    ({ body }) => body.projection_lag === 0,
    'the tables have caught up',
  );
  assert.equal(stats.body.ledger_sum, 0);
  assert.equal(stats.body.overlaps, 0);
}

test(`kill -9 under load, ${kills} times: nothing acknowledged is lost`, { timeout: 60_000 + kills * 30_000 }, async (t) => {
  const dir = await directory(t);
  await init(dir);
  let server = await Server.start(t, dir);
  const { driver, bays } = await smallSite(server, { bays: 16, credit: 10_000_000 });
  const world = { driver, bays, account: driver.account, next: 0, bookings: new Map(), cancelled: new Set(), credits: new Set() };
  for (let round = 0; round < kills; ++round) {
    world.staff = await new Person(server).login(operator.phone, operator.password);
    await driver.login('+491713920002', 'driver-of-the-test');
    let acknowledged = 0;
    const enough = new Promise((resolve) => {
      const done = () => ++acknowledged === acknowledged_before_kill && resolve();
      world.loads = Array.from({ length: parallel }, (_, worker) => load(world, round, worker, done));
    });
    await Promise.race([enough, Promise.all(world.loads)]);
    await server.kill();
    await Promise.all(world.loads);
    server = await Server.start(t, dir);
    driver.server = server;
    world.staff.server = server;
    await check(world);
  }
  assert.ok(world.credits.size >= kills * acknowledged_before_kill);
  const { code } = await server.stop();
  assert.equal(code, 0);
});
