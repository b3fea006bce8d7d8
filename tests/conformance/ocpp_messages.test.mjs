// The live log of a station's messages, and compression of the line, with charger programs that are not ours.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';
import { Charger, chargingSite, within } from './charging_site.mjs';

const WebSocket = createRequire(import.meta.url)('ws');
const boot = { chargePointVendor: 'Other', chargePointModel: 'Judge' };

test('ocpp1.6: what was said is shown with filters, masked, and looking is on record', async (t) => {
  const place = await chargingSite(t, 'CS-SAID');
  const charger = await Charger.connect(t, place, 'CS-SAID', 'ocpp1.6');
  await charger.call('BootNotification', boot);
  await charger.call('Authorize', { idTag: '04A1B2C3D4' });
  const station = `/stations/${place.station}`;
  const read = async (query = '') => (await place.staff.get(`${station}/messages?limit=200${query}`)).body;
  const all = await read();
  const shown = all.items.filter(({ action }) => action === 'Authorize');
  assert.deepEqual(shown.map(({ by, kind }) => `${by} ${kind}`), ['station call', 'platform result']);
  assert.equal(shown[0].payload.idTag, '***D4');
  assert.equal((await read('&action=Authorize&personal=true')).items[0].payload.idTag, '04A1B2C3D4');
  assert.deepEqual((await read(`&after=${all.newest}&action=Authorize`)).items, []);
  await charger.call('Heartbeat', {});
  assert.deepEqual((await read(`&after=${all.newest}&action=Heartbeat`)).items.map(({ kind }) => kind), ['call', 'result']);
  charger.answers.ClearCache = () => {
    throw new Error('there is none');
  };
  assert.equal((await place.staff.post(`${station}/orders`, { order: 'clear_cache' })).outcome, 'error');
  const wrong = (await read('&errors=true')).items;
  assert.deepEqual(wrong.map(({ action, kind, by }) => [action, kind, by]), [['ClearCache', 'error', 'station']]);
  // The new password is nobody's business.
  await place.staff.post(`${station}/orders`, { order: 'change_password' });
  let setting;
  while (setting?.key !== 'AuthorizationKey') setting = await charger.asked('ChangeConfiguration');
  assert.ok(!JSON.stringify(await read('&personal=true')).includes(setting.value));
  assert.equal((await place.driver.call('GET', `${station}/messages`)).status, 403);
  const types = (await place.staff.get(`${station}/security-events?limit=50`)).body.items.map(({ type }) => type);
  assert.equal(types.filter((type) => type === 'MessagesRead').length, 1);
  assert.equal(types.filter((type) => type === 'PersonalMessagesRead').length, 1);
});

async function line(t, place, options) {
  const headers = { authorization: `Basic ${Buffer.from(`CS-ZIP:${place.password}`).toString('base64')}` };
  const socket = new WebSocket(`${place.server.url.replace('http', 'ws')}/ocpp/CS-ZIP`, ['ocpp1.6'], { headers, ...options });
  t.after(() => socket.terminate());
  // Several may come in one read of the socket.
  socket.heard = [];
  socket.on('message', (data) => {
    socket.heard.push(JSON.parse(data));
    socket.emit('heard');
  });
  await within(new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject)), 10_000, 'the socket opens');
  return socket;
}
// The next message that is an answer to that call of ours; the platform's own calls may come between.
async function answer(socket, id) {
  const found = () => socket.heard.find(([type, to]) => type !== 2 && to === id);
  while (!found()) await within(new Promise((resolve) => socket.once('heard', resolve)), 10_000, 'an answer');
  return found();
}

test('ocpp1.6: lines are compressed when that is offered, and only then', async (t) => {
  const place = await chargingSite(t, 'CS-ZIP');
  const plain = await line(t, place, { perMessageDeflate: false });
  assert.equal(plain.extensions, '');
  plain.send(JSON.stringify([2, '1', 'BootNotification', boot]));
  assert.equal((await answer(plain, '1'))[2].status, 'Accepted');
  for (const offered of [true, { threshold: 0 }, { threshold: 0, serverMaxWindowBits: 10, clientMaxWindowBits: 9 }]) {
    const socket = await line(t, place, { perMessageDeflate: offered });
    assert.match(socket.extensions, /^permessage-deflate/);
    socket.send(JSON.stringify([2, '1', 'BootNotification', { ...boot, iccid: '1'.repeat(20) }]));
    assert.equal((await answer(socket, '1'))[2].status, 'Accepted');
    // Longer than what goes out as it is: an error with a long description comes back compressed.
    socket.send(JSON.stringify([2, '2', 'DataTransfer', { vendorId: 'x'.repeat(2000) }]));
    assert.equal((await answer(socket, '2'))[0], 4);
  }
});

test('ocpp1.6: a compressed bomb is answered with 1009 and the server goes on', async (t) => {
  const place = await chargingSite(t, 'CS-ZIP');
  const socket = await line(t, place, { perMessageDeflate: { threshold: 0 } });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.send(`[2,"1","DataTransfer",{"vendorId":"${'x'.repeat(20_000_000)}"}]`);
  assert.equal(await within(closed, 10_000, 'the socket is closed'), 1009);
  const next = await line(t, place, {});
  next.send(JSON.stringify([2, '1', 'BootNotification', boot]));
  assert.equal((await answer(next, '1'))[2].status, 'Accepted');
});
