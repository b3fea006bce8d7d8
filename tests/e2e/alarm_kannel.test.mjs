// The SMS link against the real gateway: Kannel of Debian, with a fake SMS centre behind it that this test plays.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Kannel, missing } from '../conformance/kannel.mjs';
import { acknowledge, connect, delivered, driverPhone, freePort, gatewayPassword, incidentOf, listen, site, smoke } from './alarm_site.mjs';
import { directory, eventually } from './program.mjs';

test('an alarm goes out through Kannel to the SMS centre, whose receipt comes back', { skip: missing }, async (t) => {
  const gateway = await Kannel.start(await directory(t), { user: 'bayward', password: gatewayPassword });
  t.after(() => gateway.stop());
  const office = await listen(t, acknowledge);
  const place = await site(t, office.port, gateway.http, { ways: '', tables: '', receipts: `receipts_listen = "127.0.0.1:${await freePort()}"` });
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await delivered(place, incident, 'driver'); // by Kannel's delivery report, not by its acceptance
  const seen = await eventually(
    () => gateway.lines.find((line) => line.includes(driverPhone)),
    Boolean,
    'the SMS centre has the message',
  );
  assert.match(seen, /^Bayward \+491713920002 text Smoke at bay A-1 \(Charging site\), \d\d:\d\d:\d\d\. Keep away/);
});
