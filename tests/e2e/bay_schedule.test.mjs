// A4, from end to end: the real server gives the real bay its schedule of the day, and the bay keeps to it when nobody can be
// asked: a holder whose slots begin later is not served yet, the owner is.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { Bay, configuration, identity, password } from '../conformance/bay_station.mjs';
import { card, chargingSite } from '../conformance/charging_site.mjs';
import { directory, eventually, Person } from './program.mjs';

const quarter = 900_000;

test('a booking that begins later reaches the bay with its beginning, which holds with the server gone', async (t) => {
  const start = Math.ceil(Date.now() / quarter) * quarter + 2 * quarter;
  const day = (ms) => new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', dateStyle: 'short' }).format(ms);
  if (day(start) !== day(Date.now())) return t.skip('the schedule is of a day, and this one is nearly over');
  const place = await chargingSite(t, identity);
  const owner = await new Person(place.server).login('+491713920001', 'owner-of-the-test');
  await owner.post('/me/tokens', { token: '04FFEEDDCC' });
  await place.driver.post('/bookings', {
    bay: place.bay,
    vehicle: place.driver.vehicle,
    start: new Date(start).toISOString(),
    end: new Date(start + 2 * quarter).toISOString(),
  });
  const dir = await directory(t);
  const file = path.join(dir, 'bay.toml');
  await writeFile(file, configuration(dir, place.server.port).replace(password, place.password));
  const bay = await Bay.startWith(t, file);
  await eventually(() => place.server.log, (log) => /"station\.local_list".*Accepted/.test(log), 'the bay has its list', 30_000);
  await place.server.kill();
  await bay.says('bay.central_lost');
  bay.act('car in', 'plug in', `card ${card}`);
  assert.match((await bay.says('bay.identity_refused')).why, /schedule now/);
  assert.doesNotMatch(bay.log, /"simulated\.contactor".*"closed":true/);
  bay.act('card 04FFEEDDCC');
  await bay.says('simulated.contactor', (line) => line.closed === true);
});
