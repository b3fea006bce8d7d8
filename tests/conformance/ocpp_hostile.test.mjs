// A hostile station beside an honest one: names that are none, endless fragments, a flood, sockets that never finish
// their request. Each gets its answer, the honest one notices nothing, and the server's memory stays bounded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { createRequire } from 'node:module';
import test from 'node:test';
import { Charger, chargingSite, within } from './charging_site.mjs';

const WebSocket = createRequire(import.meta.url)('ws');
const boot = { chargePointVendor: 'Other', chargePointModel: 'Judge' };

// The status of an upgrade at a target as it stands, which no URL class has put right.
function upgrade(place, target, user = 'CP-1') {
  const { hostname, port } = new URL(place.server.url);
  const request = http.request({
    hostname, port, path: target,
    headers: {
      connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-protocol': 'ocpp1.6', authorization: `Basic ${Buffer.from(`${user}:x`).toString('base64')}`,
    },
  });
  const status = new Promise((resolve, reject) => {
    request.once('response', ({ statusCode }) => resolve(statusCode));
    request.once('upgrade', (_, socket) => resolve((socket.destroy(), 101)));
    request.once('error', reject);
  });
  request.end();
  return within(status, 10_000, `an answer at ${target}`);
}

async function memoryMb({ server }) {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
}

async function withHonest(t) {
  const place = await chargingSite(t, 'CP-1');
  const honest = await Charger.connect(t, place, 'CP-1', 'ocpp1.6');
  await honest.call('BootNotification', boot);
  return { place, honest };
}

async function noticesNothing(honest) {
  const begun = performance.now();
  assert.ok((await honest.call('Heartbeat')).currentTime);
  assert.ok(performance.now() - begun < 2_000, 'a heartbeat is answered meanwhile');
}

test('names that are none', async (t) => {
  const { place, honest } = await withHonest(t);
  const targets = ['/ocpp/%00', '/ocpp/CP-1%00', '/ocpp/..%2f..%2fetc%2fpasswd', '/ocpp/../api/v1/me', '/ocpp/%2e%2e', '/ocpp/%zz', '/ocpp/', '/ocpp', '/ocpp/a/b', `/ocpp/${'x'.repeat(5_000)}`];
  for (const target of targets) assert.ok([400, 404].includes(await upgrade(place, target)), target);
  assert.equal(await upgrade(place, `/ocpp/${encodeURIComponent('充电桩 1')}`), 401);
  assert.equal(await upgrade(place, '/ocpp/CP-2', 'CP-1'), 401);
  await noticesNothing(honest);
});

test('a message without an end, in pieces', async (t) => {
  const { place, honest } = await withHonest(t);
  const before = await memoryMb(place);
  const password = Buffer.from('NEW-1:x').toString('base64');
  const socket = new WebSocket(`${place.server.url.replace('http', 'ws')}/ocpp/NEW-1`, ['ocpp1.6'], { headers: { authorization: `Basic ${password}` } });
  t.after(() => socket.terminate());
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await within(new Promise((resolve) => socket.once('open', resolve)), 10_000, 'it is open');
  const piece = 'x'.repeat(64 * 1024);
  for (let sent = 0; sent < 1_600 && socket.readyState === WebSocket.OPEN; ++sent) {
    await new Promise((resolve) => socket.send(piece, { fin: false }, resolve));
  }
  assert.equal(await within(closed, 10_000, 'it is closed'), 1009);
  assert.ok((await memoryMb(place)) - before < 64, 'memory is as before');
  await noticesNothing(honest);
});

test('a flood of nonsense', async (t) => {
  const { place, honest } = await withHonest(t);
  const before = await memoryMb(place);
  const password = Buffer.from('NEW-2:x').toString('base64');
  const socket = new WebSocket(`${place.server.url.replace('http', 'ws')}/ocpp/NEW-2`, ['ocpp1.6'], { headers: { authorization: `Basic ${password}` } });
  t.after(() => socket.terminate());
  socket.on('error', () => {});
  await within(new Promise((resolve) => socket.once('open', resolve)), 10_000, 'it is open');
  for (let i = 0; i < 5_000 && socket.readyState === WebSocket.OPEN; ++i) {
    socket.send(i % 2 ? `[2,"${i}","Authorize",{"idTag":"\\u0000${i}"}]` : '{"connectorId":1e9999}');
  }
  for (let i = 0; i < 5; ++i) await noticesNothing(honest);
  assert.ok((await memoryMb(place)) - before < 64, 'memory is as before');
});

test('sockets that never finish their request', async (t) => {
  const { place, honest } = await withHonest(t);
  const { hostname, port } = new URL(place.server.url);
  const sockets = Array.from({ length: 200 }, () => {
    const socket = net.connect({ host: hostname, port: Number(port) });
    socket.on('error', () => {});
    socket.write('GET /ocpp/CP-9 HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    return socket;
  });
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  for (let i = 0; i < 5; ++i) await noticesNothing(honest);
  const cut = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).resume())));
  await within(cut, 30_000, 'each is answered 408 and closed');
  await noticesNothing(honest);
});
