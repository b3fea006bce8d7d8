// What the tests of alarms on their way out share: a site with one charger of OCPP 2.0.1 whose driver has the bay now, on a
// server that is configured to tell, and far sides that answer as the test says.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { bookNow, Charger, chargingSite } from '../conformance/charging_site.mjs';
import { directory, eventually, operatorOf, Server } from './program.mjs';

export const secret = 'a secret of the office';
export const gatewayPassword = 'p&ss of the gateway';
export const driverPhone = '+491713920002';
const now = () => new Date().toISOString();

// Somebody else's server: keeps every request and answers as the test says.
export async function listen(t, answer, port = 0) {
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

export const acknowledge = (_, response) => response.writeHead(204).end();
export const accept = (_, response) => response.writeHead(202).end('0: Accepted for delivery');

// A port that was free just now, for what wants it by number.
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}

export const parameters = ({ url }) => Object.fromEntries(new URL(url, 'http://gateway').searchParams);
export const steps = (office) => office.requests.map(({ body }) => JSON.parse(body).step);

async function configure(t, officePort, gatewayPort, { ways, tables, persons = '["sms"]', property = '["webhook:office"]', receipts = '' }) {
  const dir = await directory(t);
  await writeFile(path.join(dir, 'office-secret'), `${secret}\n`);
  await writeFile(path.join(dir, 'sms-password'), `${gatewayPassword}\n`);
  const file = path.join(dir, 'server.toml');
  await writeFile(
    file,
    `[alarms]
persons = ${persons}
property = ${property}
${ways}
[alarms.sms]
url = "http://127.0.0.1:${gatewayPort}/cgi-bin/sendsms"
user = "bayward"
password_file = "${dir}/sms-password"
sender = "Bayward"
${receipts}
[alarms.webhooks.office]
url = "http://127.0.0.1:${officePort}/alarms?for=office"
secret_file = "${dir}/office-secret"
${tables}
`,
  );
  return ['--config', file];
}

// A site with one charger, whose driver has the bay now, on a server that is configured to tell.
export async function site(t, officePort, gatewayPort, more = { ways: '', tables: '' }) {
  const place = await chargingSite(t, 'CS-FIRE');
  await bookNow(place, 0); // parking alone: the charger connects later
  await place.server.stop();
  place.args = await configure(t, officePort, gatewayPort, more);
  await restart(t, place);
  return place;
}
export async function restart(t, place) {
  place.server = await Server.start(t, place.dataDir, place.args);
  place.staff = await operatorOf(place.server);
}

export const acceptVariables = ({ setVariableData }) => ({
  setVariableResult: setVariableData.map(({ component, variable }) => ({
    attributeStatus: 'Accepted',
    component,
    variable,
  })),
});

export async function connect(t, place) {
  const charger = await Charger.connect(t, place, 'CS-FIRE', 'ocpp2.0.1', {
    answers: { SetVariables: acceptVariables },
  });
  await charger.call('BootNotification', {
    reason: 'PowerUp',
    chargingStation: { vendorName: 'Other', model: 'Judge', serialNumber: '1' },
  });
  return charger;
}
// OCPP 2.0.1 N07: what a component of EVSE 1 has noticed.
let events = 0;
export const notice = (charger, component, variable, actualValue, trigger = 'Delta') =>
  charger.call('NotifyEvent', {
    generatedAt: now(),
    seqNo: 0,
    eventData: [
      {
        eventId: ++events,
        timestamp: now(),
        trigger,
        actualValue,
        eventNotificationType: 'HardWiredNotification',
        component: { name: component, evse: { id: 1 } },
        variable: { name: variable },
      },
    ],
  });
export const smoke = (charger, tripped = 'true') => notice(charger, 'FireSensor', 'Tripped', tripped, 'Alerting');

export async function incidentOf(place) {
  const { body } = await eventually(
    () => place.staff.get(`/sites/${place.site}/incidents`),
    ({ body }) => body.items?.some(({ kind }) => kind === 'smoke'),
    'the smoke is an incident',
  );
  return body.items.find(({ kind }) => kind === 'smoke').incident;
}
export const stateOf = async (place, incident, party, step = 'alarm') => {
  const { body } = await place.staff.get(`/incidents/${incident}`);
  return body.deliveries?.find((one) => one.party === party && one.step === step)?.state;
};
export const delivered = (place, incident, party, step) =>
  eventually(
    () => stateOf(place, incident, party, step),
    (state) => state === 'delivered',
    `${party} has been told`,
    40_000,
  );

export function assertSigned({ headers, body }) {
  const [, time, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['bayward-signature']);
  assert.equal(mac, createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'));
  assert.ok(Math.abs(Date.now() / 1000 - Number(time)) < 300);
  assert.equal(headers['idempotency-key'], JSON.parse(body).delivery);
}
