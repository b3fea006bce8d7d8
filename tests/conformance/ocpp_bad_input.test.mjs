// What comes in that should not, over real sockets: each gets its clear error, and the server goes on.
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import test from 'node:test';
import { Charger, chargingSite, eventually, within } from './charging_site.mjs';

const WebSocket = createRequire(import.meta.url)('ws');

// A bare WebSocket at /ocpp/{identity}.
class Line {
  static async open(t, place, identity, options = {}) {
    const line = new Line();
    const user = options.user ?? identity;
    const password = options.password ?? place.password;
    const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
    const url = `${place.server.url.replace('http', 'ws')}/ocpp/${encodeURIComponent(identity)}`;
    line.socket = new WebSocket(url, options.protocols ?? ['ocpp1.6'], { headers: options.headers ?? headers });
    line.messages = [];
    line.closed = new Promise((resolve) => {
      line.socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    line.socket.on('message', (data) => line.messages.push(JSON.parse(data.toString())));
    line.socket.on('error', () => {});
    t.after(() => line.socket.terminate());
    const decided = new Promise((resolve) => {
      line.socket.once('open', () => resolve({ status: 101 }));
      line.socket.once('unexpected-response', (_, { statusCode, headers }) => resolve({ status: statusCode, headers }));
    });
    Object.assign(line, await within(decided, 10_000, 'an answer to the upgrade'));
    return line;
  }
  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
  answer(id) {
    return eventually(() => this.messages.find((one) => one[0] !== 2 && one[1] === id), Boolean, `an answer to ${id}`);
  }
  async call(action, payload) {
    const id = `m${(this.last = (this.last ?? 0) + 1)}`;
    this.send([2, id, action, payload]);
    return this.answer(id);
  }
  end() {
    return within(this.closed, 10_000, 'the socket is closed');
  }
}

const boot = { chargePointVendor: 'Other', chargePointModel: 'Judge' };

test('who may connect', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const status = async (identity, options) => (await Line.open(t, place, identity, options)).status;
  const wrong = await Line.open(t, place, 'CP-1', { password: 'guess' });
  assert.equal(wrong.status, 401);
  assert.match(wrong.headers['www-authenticate'], /^Basic /);
  assert.equal(await status('CP-1', { user: 'CP-2' }), 401);
  assert.equal(await status('CP-1', { headers: {} }), 401);
  assert.equal(await status('CP-1/extra'), 400); // %2F is no part of a path here
  assert.equal(await status('x'.repeat(49)), 404);
  assert.equal(await status('CP-1'), 101);
});

// OCPP-J 1.6 3.2, OCPP 2.0.1 part 4 3.2: the handshake ends without a subprotocol, then the socket is closed. A client
// that asked for one may not go on (RFC 6455 4.1), so this looks at the bytes.
test('without a common subprotocol the socket is closed at once', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  for (const protocol of ['ocpp1.5', 'ocpp2.2, mqtt', undefined]) {
    const request = http.request(`${place.server.url}/ocpp/CP-1`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        authorization: `Basic ${Buffer.from(`CP-1:${place.password}`).toString('base64')}`,
        ...(protocol && { 'sec-websocket-protocol': protocol }),
      },
    });
    request.end();
    const upgraded = new Promise((resolve) => {
      request.once('upgrade', (response, socket, head) => resolve({ response, socket, head }));
    });
    const { response, socket, head } = await within(upgraded, 10_000, 'the handshake ends');
    assert.equal(response.statusCode, 101);
    assert.equal(response.headers['sec-websocket-protocol'], undefined);
    const first = head.length > 3 ? head : await within(new Promise((resolve) => socket.once('data', resolve)), 10_000, 'a frame');
    assert.equal(first[0], 0x88); // close
    assert.equal(first.readUInt16BE(2), 1002);
    socket.destroy();
  }
});

test('guessing a password is slowed down', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  for (let i = 0; i < 10; ++i) assert.equal((await Line.open(t, place, 'CP-1', { password: `guess-${i}` })).status, 401);
  const slowed = await Line.open(t, place, 'CP-1');
  assert.equal(slowed.status, 429);
  assert.ok(Number(slowed.headers['retry-after']) > 0);
});

test('an unknown station is pending until it is registered', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const line = await Line.open(t, place, 'NEW-1', { password: 'whatever' });
  assert.equal((await line.call('BootNotification', boot))[2].status, 'Pending');
  assert.equal((await line.call('Authorize', { idTag: 'A' }))[2], 'SecurityError');
  const { body } = await place.staff.get('/pending-stations');
  assert.deepEqual(body.items.map((one) => one.identity), ['NEW-1']);
  const { password } = await place.staff.post(`/sites/${place.site}/stations`, { identity: 'NEW-1' });
  assert.equal((await line.end()).code, 1000);
  const again = await Line.open(t, place, 'NEW-1', { password });
  assert.equal((await again.call('BootNotification', boot))[2].status, 'Accepted');
});

test('of two sockets with one id the newer wins', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const old = await Line.open(t, place, 'CP-1');
  await old.call('BootNotification', boot);
  const fresh = await Line.open(t, place, 'CP-1');
  assert.equal((await old.end()).code, 1008);
  assert.ok((await fresh.call('Heartbeat', {}))[2].currentTime);
  await eventually(
    async () => (await place.staff.get('/stats')).body.stations_online,
    (online) => online === 1,
    'one station is online',
  );
});

test('frames that are none, too long, too deep, unknown or not as the schema says', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const line = await Line.open(t, place, 'CP-1');
  await line.call('BootNotification', boot);
  for (const junk of ['', '{', '[]', 'null', '[2]', `[2,"x"${',['.repeat(1000)}`]) line.send(junk);
  const cases = [
    ['Dance', {}, 'NotImplemented'],
    ['Reset', { type: 'Hard' }, 'NotSupported'],
    ['Authorize', {}, 'OccurenceConstraintViolation'],
    ['Authorize', { idTag: 1 }, 'TypeConstraintViolation'],
    ['Authorize', { idTag: 'x'.repeat(21) }, 'PropertyConstraintViolation'],
    ['Authorize', { idTag: 'A', more: 1 }, 'FormationViolation'],
    ['StatusNotification', { connectorId: 1_000_000_000, errorCode: 'NoError', status: 'Available' }, 'PropertyConstraintViolation'],
    ['StartTransaction', { connectorId: 1, idTag: 'A', meterStart: -1, timestamp: new Date().toISOString() }, 'PropertyConstraintViolation'],
  ];
  for (const [action, payload, code] of cases) assert.equal((await line.call(action, payload))[2], code, action);
  assert.ok((await line.call('Heartbeat', {}))[2].currentTime);
  line.send('[2,"long","Heartbeat",{}' + ' '.repeat(200_000) + ']');
  assert.equal((await line.end()).code, 1009);
  const again = await Line.open(t, place, 'CP-1');
  assert.ok((await again.call('Heartbeat', {}))[2].currentTime);
});

test('in 2.0.1 a frame that cannot be read is answered with the id -1', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const line = await Line.open(t, place, 'CP-1', { protocols: ['ocpp2.0.1'] });
  line.send('{');
  assert.deepEqual((await line.answer('-1')).slice(0, 3), [4, '-1', 'RpcFrameworkError']);
});

// OCPP 2.1 part 4, 4.2.3 and 4.2.4.
test('in ocpp2.1 a SEND is never answered, and an answer that breaks its schema is told so', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const line = await Line.open(t, place, 'CP-1', { protocols: ['ocpp2.1'] });
  line.send([2, 'b', 'BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } }]);
  line.send([6, 's1', 'NotifyPeriodicEventStream', { id: 1, pending: 0, basetime: new Date().toISOString(), data: [{ t: 0, v: '230' }] }]);
  line.send([6, 's2', 'NotifyPeriodicEventStream', {}]);
  line.send([6, 's3']);
  line.send([5, 'b', 'FormatViolation', 'I cannot read this', {}]);
  assert.equal((await line.call('Heartbeat', {}))[0], 3);
  assert.deepEqual(line.messages.filter(([, id]) => /^s/.test(id)), []);
  const ours = await eventually(() => line.messages.find(([type]) => type === 2), Boolean, 'a call of ours');
  line.send([3, ours[1], { status: ['nothing that fits'] }]);
  const protest = await eventually(() => line.messages.find(([type]) => type === 5), Boolean, 'a CALLRESULTERROR');
  assert.equal(protest[1], ours[1]);
  assert.equal(protest.length, 5);
  line.send([9, 'x', 'Heartbeat', {}]);
  assert.equal((await line.answer('x'))[2], 'MessageTypeNotSupported');
});

test('calls while calls are open, in both directions, are all answered', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const line = await Line.open(t, place, 'CP-1');
  line.send([2, 'b', 'BootNotification', boot]);
  for (let i = 0; i < 30; ++i) line.send([2, `h${i}`, 'Heartbeat', {}]);
  for (let i = 0; i < 30; ++i) assert.equal((await line.answer(`h${i}`))[0], 3);
  const ours = await eventually(() => line.messages.find((one) => one[0] === 2), Boolean, 'a call of ours');
  assert.ok((await line.call('Heartbeat', {}))[2].currentTime); // ours is still open
  assert.equal(line.messages.filter((one) => one[0] === 2).length, 1); // and no second one
  line.send([3, 'nobody-asked', {}]);
  line.send([3, ours[1], { status: 'Accepted' }]);
  await eventually(() => line.messages.filter((one) => one[0] === 2).length, (count) => count === 2, 'the next call of ours');
});

test('transactions from far past and future, that nobody knows, and registers that run backwards', async (t) => {
  const place = await chargingSite(t, 'CP-1');
  const charger = await Charger.connect(t, place, 'CP-1', 'ocpp1.6');
  await charger.call('BootNotification', boot);
  const stop = (transactionId, timestamp, meterStop = 1) => charger.call('StopTransaction', { transactionId, meterStop, timestamp });
  for (const id of [0, -1, 4711]) assert.deepEqual(await stop(id, new Date().toISOString()), {});
  for (const [index, timestamp] of ['1970-01-02T00:00:00Z', '9998-01-01T00:00:00Z'].entries()) {
    const started = await charger.call('StartTransaction', { connectorId: 1, idTag: 'NOBODY', meterStart: 100 + index, timestamp });
    assert.equal(started.idTagInfo.status, 'Invalid');
    assert.ok(started.transactionId > 0);
    await stop(started.transactionId, timestamp, 50);
  }
  assert.ok((await charger.call('Heartbeat')).currentTime);
  charger.assertStrict();
});
