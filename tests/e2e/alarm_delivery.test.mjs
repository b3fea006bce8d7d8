// D3, D4, D7: an alarm of a charging station reaches the property's own system and the driver's phone, surely: through a
// gateway that is down or answers nonsense, through the death of the server, the all-clear never before the alarm.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { bookNow, Charger, chargingSite } from '../conformance/charging_site.mjs';
import { eventually, operatorOf, run, Server, serverProgram, directory } from './program.mjs';

const secret = 'a secret of the office';
const gatewayPassword = 'p&ss of the gateway';
const driverPhone = '+491713920002';
const now = () => new Date().toISOString();

// Somebody else's server: keeps every request and answers as the test says.
async function listen(t, answer, port = 0) {
  const requests = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      const seen = { method: request.method, url: request.url, headers: request.headers, body };
      requests.push(seen);
      answer(seen, response, requests.length);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  t.after(close);
  return { requests, port: server.address().port, close };
}

const acknowledge = (_, response) => response.writeHead(204).end();
const accept = (_, response) => response.writeHead(202).end('0: Accepted for delivery');

const parameters = ({ url }) => Object.fromEntries(new URL(url, 'http://gateway').searchParams);
const steps = (office) => office.requests.map(({ body }) => JSON.parse(body).step);

async function configure(t, officePort, gatewayPort) {
  const dir = await directory(t);
  await writeFile(path.join(dir, 'office-secret'), `${secret}\n`);
  await writeFile(path.join(dir, 'sms-password'), `${gatewayPassword}\n`);
  const file = path.join(dir, 'server.toml');
  await writeFile(
    file,
    `[alarms]
persons = ["sms"]
property = ["webhook:office"]
[alarms.sms]
url = "http://127.0.0.1:${gatewayPort}/cgi-bin/sendsms"
user = "bayward"
password_file = "${dir}/sms-password"
sender = "Bayward"
[alarms.webhooks.office]
url = "http://127.0.0.1:${officePort}/alarms?for=office"
secret_file = "${dir}/office-secret"
`,
  );
  return ['--config', file];
}

// A site with one charger, whose driver has the bay now, on a server that is configured to tell.
async function site(t, officePort, gatewayPort) {
  const place = await chargingSite(t, 'CS-FIRE');
  await bookNow(place);
  await place.server.stop();
  place.args = await configure(t, officePort, gatewayPort);
  await restart(t, place);
  return place;
}
async function restart(t, place) {
  place.server = await Server.start(t, place.dataDir, place.args);
  place.staff = await operatorOf(place.server);
}

async function connect(t, place) {
  const charger = await Charger.connect(t, place, 'CS-FIRE', 'ocpp2.0.1', {
    answers: { SetVariables: ({ setVariableData }) => ({ setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })) }) },
  });
  await charger.call('BootNotification', {
    reason: 'PowerUp',
    chargingStation: { vendorName: 'Other', model: 'Judge', serialNumber: '1' },
  });
  return charger;
}
const smoke = (charger, tripped = 'true') =>
  charger.call('NotifyEvent', {
    generatedAt: now(),
    seqNo: 0,
    eventData: [
      {
        eventId: 1,
        timestamp: now(),
        trigger: 'Alerting',
        actualValue: tripped,
        eventNotificationType: 'HardWiredNotification',
        component: { name: 'FireSensor', evse: { id: 1 } },
        variable: { name: 'Tripped' },
      },
    ],
  });

async function incidentOf(place) {
  const { body } = await eventually(
    () => place.staff.get(`/sites/${place.site}/incidents`),
    ({ body }) => body.items?.some(({ kind }) => kind === 'smoke'),
    'the smoke is an incident',
  );
  return body.items.find(({ kind }) => kind === 'smoke').incident;
}
const stateOf = async (place, incident, party, step = 'alarm') => {
  const { body } = await place.staff.get(`/incidents/${incident}`);
  return body.deliveries?.find((one) => one.party === party && one.step === step)?.state;
};
const delivered = (place, incident, party, step) =>
  eventually(
    () => stateOf(place, incident, party, step),
    (state) => state === 'delivered',
    `${party} has been told`,
    40_000,
  );

function assertSigned({ headers, body }) {
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['bayward-signature']);
  assert.equal(mac, createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
  assert.ok(Math.abs(Date.now() / 1000 - Number(time)) < 300);
  assert.equal(headers['idempotency-key'], JSON.parse(body).delivery);
}

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
    ['[alarms]\nproperty = ["pigeon"]\n', /must be "sms", "sms:\+number" or "webhook:name"/],
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
