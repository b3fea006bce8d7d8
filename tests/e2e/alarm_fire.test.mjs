// Smoke at a station, to the fire desk's own centre and back: the real server on its GB/T 26875.3 wire, a centre of the
// tests that shares no code with it, and the judge's clock.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Centre, CMD } from '../conformance/fire_centre.mjs';
import { accept, acknowledge, connect, delivered, incidentOf, listen, site, smoke } from './alarm_site.mjs';
import { eventually } from './program.mjs';

const wire = (port) => ({
  ways: 'fire_desk = ["fire:district"]',
  tables: `[alarms.fire.district]
protocol = "gbt26875"
addresses = ["127.0.0.1:${port}"]
device = "010203040506"
centre = "111213141516"
`,
});

test('D3, D4: smoke reaches the fire centre, which is down at first, and the all-clear follows it', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const centre = await new Centre().listen();
  t.after(() => centre.close());
  const { port } = centre;
  await centre.close();
  const place = await site(t, office.port, gateway.port, wire(port));
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await delivered(place, incident, 'property');

  await centre.listen(port);
  await delivered(place, incident, 'fire_desk');
  const [alarm] = centre.alarms();
  assert.equal(alarm.component, 40, 'a smoke detector');
  assert.equal(alarm.state & 0b10, 0b10, 'fire');
  await place.staff.post(`/incidents/${incident}/close`);
  const all = await eventually(
    () => centre.alarms(),
    (seen) => seen.length > 1,
    'the centre has the all-clear',
    60_000,
  );
  assert.equal(all.at(-1).state & 0b10, 0, 'no fire any more');
  assert.deepEqual(centre.complaints, []);
});

test('a roll call is answered by a person, in time and once', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const centre = await new Centre().listen();
  t.after(() => centre.close());
  const place = await site(t, office.port, gateway.port, wire(centre.port));
  await eventually(
    () => centre.device,
    Boolean,
    'the link is up',
  );
  const calls = async () => (await place.staff.get('/duty-calls')).body.items;
  const answer = (desk, operator_number) => place.staff.call('POST', `/duty-calls/${desk}/answer`, { operator_number });
  assert.deepEqual(await calls(), []);
  assert.equal((await answer('district', 42)).status, 404, 'nobody asks');
  centre.ask(CMD.control, [91, 1, 5]); // within five minutes
  const [call] = await eventually(calls, (items) => items.length > 0, 'the question is there');
  assert.equal(call.desk, 'district');
  assert.equal(Date.parse(call.until) - Date.parse(call.asked_at), 300_000);
  assert.equal((await answer('district', 256)).status, 400);
  assert.equal((await answer('district', 42)).status, 204);
  assert.equal((await answer('district', 42)).status, 404, 'once');
  await centre.until(() => centre.units.some(({ type }) => type === 24), 'the centre has the answer');
  const duty = centre.units.find(({ type }) => type === 24);
  assert.deepEqual([duty.operation, duty.operator], [1 << 5, 42]);
});
