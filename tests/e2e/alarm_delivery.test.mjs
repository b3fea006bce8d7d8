// D3, D4, D7: an alarm of a charging station reaches the property's own system and the driver's phone, surely: through a
// gateway that is down or answers nonsense, through the death of the server, the all-clear never before the alarm.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import {
  accept,
  acknowledge,
  assertSigned,
  connect,
  delivered,
  driverPhone,
  freePort,
  gatewayPassword,
  incidentOf,
  listen,
  parameters,
  restart,
  secret,
  site,
  smoke,
  stateOf,
  steps,
} from './alarm_site.mjs';
import { directory, eventually, run, serverProgram } from './program.mjs';

test('smoke at a station: signed to the office, an SMS to the driver, and the all-clear after it', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const place = await site(t, office.port, gateway.port);
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await delivered(place, incident, 'property');
  await delivered(place, incident, 'driver');

  assertSigned(office.requests[0]);
  assert.equal(office.requests[0].url, '/alarms?for=office');
  const alarm = JSON.parse(office.requests[0].body);
  assert.equal(alarm.incident, incident);
  assert.equal(alarm.kind, 'smoke');
  assert.equal(alarm.severity, 'danger');
  assert.equal(alarm.place.bay_label, 'A-1');
  assert.equal(alarm.place.device, 'CS-FIRE');
  const sms = parameters(gateway.requests.find((one) => parameters(one).to === driverPhone));
  assert.equal(sms.username, 'bayward');
  assert.equal(sms.password, gatewayPassword);
  assert.match(sms.text, /^Smoke at bay A-1 \(Charging site\), \d\d:\d\d:\d\d\. Keep away/);
  assert.equal(await stateOf(place, incident, 'fire_desk'), 'impossible', 'no fire desk is configured');

  await place.staff.post(`/incidents/${incident}/close`);
  await eventually(
    () => steps(office),
    (seen) => seen.length > 1,
    'the office has the all-clear',
  );
  assert.deepEqual(steps(office), ['alarm', 'all_clear']);
  const texts = await eventually(
    () => gateway.requests.map(parameters).filter(({ to }) => to === driverPhone).map(({ text }) => text),
    (seen) => seen.length > 1,
    'the driver has the all-clear',
  );
  assert.match(texts.at(-1), /^All clear: Smoke at bay A-1/);
  assert.ok(!place.server.log.includes(gatewayPassword) && !place.server.log.includes(encodeURIComponent(gatewayPassword)));
  assert.ok(!place.server.log.includes(secret) && !place.server.log.includes(driverPhone));
});

test('a gateway that is down, then answers 200 with an error, is tried until it accepts', async (t) => {
  const office = await listen(t, acknowledge);
  const down = await listen(t, accept);
  const place = await site(t, office.port, down.port);
  down.close();
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await eventually(
    () => place.server.log,
    (log) => log.includes('alarm.channel_failing'),
    'the log says that the gateway fails',
  );
  await delivered(place, incident, 'property');
  assert.equal(await stateOf(place, incident, 'driver'), 'pending');
  const answers = ['Authorization failed for sendsms', 'Temporal failure, try again later.'];
  const gateway = await listen(
    t,
    (_, response) => response.writeHead(answers.length > 0 ? 200 : 202).end(answers.shift() ?? '0: Accepted for delivery'),
    down.port,
  );
  await delivered(place, incident, 'driver');
  assert.ok(gateway.requests.length >= 3);
  assert.ok(place.server.log.includes('alarm.channel_works'));
});

test('the server dies between sending and the answer: after its restart the alarm is delivered, then the all-clear', async (t) => {
  let silent = true;
  const office = await listen(t, (request, response) => silent || acknowledge(request, response));
  const gateway = await listen(t, accept);
  const place = await site(t, office.port, gateway.port);
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await eventually(
    () => office.requests.length,
    (count) => count > 0,
    'the office was asked',
  );
  // Held back behind the alarm that the office has not acknowledged.
  await place.staff.post(`/incidents/${incident}/close`);
  await place.server.kill();
  silent = false;
  await restart(t, place);
  await eventually(
    () => steps(office),
    (seen) => seen.at(-1) === 'all_clear',
    'the office has the all-clear',
    40_000,
  );
  const alarms = office.requests.filter(({ body }) => JSON.parse(body).step === 'alarm');
  assert.ok(alarms.length >= 2, 'sent again after the crash');
  assert.equal(new Set(alarms.map(({ headers }) => headers['idempotency-key'])).size, 1, 'the receiver can tell');
  assert.equal(steps(office).indexOf('all_clear'), steps(office).length - 1);
  for (const one of office.requests) assertSigned(one);
});

test('a configuration that cannot tell anybody is refused with what to do', async (t) => {
  const dir = await directory(t);
  const file = path.join(dir, 'server.toml');
  const refusals = [
    ['[alarms]\npersons = ["sms"]\n', /alarms\.persons: "sms": there is no \[alarms\.sms\]/],
    ['[alarms]\nproperty = ["pigeon"]\n', /must be "sms", "sms:\+number", "email", "email:address", "webhook:name", "cap", of the fire desk "fire:name"/],
    ['[alarms]\nproprety = []\n', /alarms\.proprety: unknown key/],
    ['[alarms]\nquiet_from = "25:00"\nquiet_to = "06:00"\n', /must both be times such as "22:00"/],
    ['[alarms.sms]\nurl = "gateway"\n', /alarms\.sms\.url must be such as http:/],
    ['[alarms.webhooks.office]\nurl = "https://office.example/x"\n', /secret_file is needed/],
  ];
  for (const [text, expected] of refusals) {
    await writeFile(file, text);
    const { code, stderr } = await run(serverProgram, ['serve', '--config', file, '--data-dir', dir]);
    assert.equal(code, 2);
    assert.match(stderr, expected);
  }
});

test('what the SMS gateway has taken is "sent" until it says that the phone has it, and sent again when it was lost', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const place = await site(t, office.port, gateway.port, { ways: '', tables: '', receipts: `receipts_listen = "127.0.0.1:${await freePort()}"` });
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await eventually(
    () => stateOf(place, incident, 'driver'),
    (state) => state === 'sent',
    'the gateway has it',
  );
  const driversOwn = () => gateway.requests.map(parameters).filter(({ to }) => to === driverPhone);
  const report = (url, type) => fetch(url.replace('%d', type));
  const [{ 'dlr-url': url }] = driversOwn();
  assert.equal((await report(url.replace(/.(?=\?)/, (last) => (last === '0' ? '1' : '0')), 1)).status, 403, 'a proof of somebody else');
  assert.equal((await report(url, 8)).status, 200);
  assert.equal(await stateOf(place, incident, 'driver'), 'sent');
  assert.equal((await report(url, 2)).status, 200, 'lost');
  await eventually(driversOwn, (sent) => sent.length === 2, 'it is sent again');
  assert.equal((await report(driversOwn()[1]['dlr-url'], 1)).status, 200);
  await eventually(
    () => stateOf(place, incident, 'driver'),
    (state) => state === 'delivered',
    'the phone has it',
  );
});
