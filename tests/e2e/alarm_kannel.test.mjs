// The SMS link against the real gateway: Kannel of Debian, with a fake SMS centre behind it that this test plays (Kannel's
// "fake" SMSC: one line of text per message).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import test from 'node:test';
import { acknowledge, connect, delivered, driverPhone, gatewayPassword, incidentOf, listen, site, smoke } from './alarm_site.mjs';
import { directory, eventually } from './program.mjs';

const missing = ['/usr/sbin/bearerbox', '/usr/sbin/smsbox'].every(existsSync) ? false : 'kannel is not installed';

// Kannel wants its ports by number.
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

const reachable = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true) ?? socket.destroy());
    socket.on('error', () => resolve(false));
  });

async function kannel(t) {
  const [admin, box, centre, http] = await freePorts(4);
  const file = path.join(await directory(t), 'kannel.conf');
  await writeFile(
    file,
    `group = core
admin-port = ${admin}
admin-password = nobody
admin-interface = 127.0.0.1
smsbox-port = ${box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"

group = smsc
smsc = fake
smsc-id = fake
port = ${centre}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${http}
sendsms-interface = 127.0.0.1
global-sender = 1000

group = sendsms-user
username = bayward
password = "${gatewayPassword}"
concatenation = true
max-messages = 3
`,
  );
  for (const [program, port] of [
    ['bearerbox', box],
    ['smsbox', http],
  ]) {
    const child = spawn(`/usr/sbin/${program}`, ['-v', '4', file], { stdio: 'ignore' });
    t.after(() => child.kill('SIGKILL'));
    await eventually(() => reachable(port), Boolean, `${program} listens`);
  }
  await eventually(() => reachable(centre), Boolean, 'the SMS centre can connect');
  return { centre, http };
}

test('an alarm goes out through Kannel to the SMS centre', { skip: missing }, async (t) => {
  const gateway = await kannel(t);
  const lines = [];
  const centre = net.connect(gateway.centre, '127.0.0.1');
  centre.on('data', (data) => lines.push(...data.toString().split('\n').filter(Boolean)));
  t.after(() => centre.destroy());
  await once(centre, 'connect');
  const office = await listen(t, acknowledge);
  const place = await site(t, office.port, gateway.http);
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  await delivered(place, incident, 'driver');
  const seen = await eventually(
    () => lines.find((line) => line.includes(driverPhone)),
    Boolean,
    'the SMS centre has the message',
  );
  assert.match(seen, /^Bayward \+491713920002 text Smoke at bay A-1 \(Charging site\), \d\d:\d\d:\d\d\. Keep away/);
});
