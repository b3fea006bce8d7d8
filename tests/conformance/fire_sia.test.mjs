// Our SIA DC-09 client, judged by the receiver of the npm package iobroker.sia, and against a receiver of our own for
// what that one doesn't know: supervision (NULL), DUH, silence. Skipped, and says so, without the package.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import net from 'node:net';
import test from 'node:test';
import { Client } from './fire_client.mjs';

const require = createRequire(import.meta.url);
const judge = (() => {
  try {
    return require('iobroker.sia/build/lib/sia.js').sia;
  } catch {
    return null;
  }
})();
const judged = { skip: judge ? false : 'the npm package iobroker.sia is missing: run `npm ci --ignore-scripts`' };

const key = '0102030405060708090a0b0c0d0e0f10';
const quick = { answer: 300, connect: 1000, pause: 50, supervision: 0 };

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function receiver(t, account) {
  const port = await freePort();
  const log = { info() {}, debug() {}, error() {} };
  const made = new judge({ host: '127.0.0.1', port, timeout: 40, sockend: false, logger: log });
  made.setAccounts([{ accountnumber: '1001', aes: false, ...account }]);
  const taken = [];
  const refused = [];
  made.on('sia', (message, error) => (message ? taken.push(message) : refused.push(error)));
  made.on('error', () => {}); // it writes to what it has just closed after a NAK
  const open = new Set();
  made.servertcp.on('connection', (socket) => open.add(socket));
  made.serverStartTCP();
  await once(made.servertcp, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    made.servertcp.close();
    made.serverudp.unref();
  });
  return { at: `127.0.0.1:${port}`, taken, refused };
}

for (const [name, account, options] of [
  ['in clear', {}, {}],
  ['encrypted with AES-128', { aes: true, hex: true, password: key }, { key }],
  ['encrypted with AES-256', { aes: true, hex: true, password: key + key }, { key: key + key }],
]) {
  test(`iobroker.sia takes and acknowledges alarm and restoral ${name}`, judged, async (t) => {
    const desk = await receiver(t, account);
    const client = new Client(t, 'sia', [desk.at], { ...quick, ...options });
    client.tell('send 1 smoke alarm');
    assert.deepEqual([(await client.result(1)).result, desk.refused], ['delivered', []]);
    client.tell('send 2 thermal_danger all_clear');
    assert.deepEqual([(await client.result(2)).result, desk.refused], ['delivered', []]);
    assert.deepEqual(
      desk.taken.map((message) => [message.id, message.act, message.seq, message.data_message, message.data_extended]),
      [
        [options.key ? '*SIA-DCS' : 'SIA-DCS', '1001', '0001', '#1001|Nri1/FA17', 'IB1-017'],
        [options.key ? '*SIA-DCS' : 'SIA-DCS', '1001', '0002', '#1001|Nri1/KR17', 'IB1-017'],
      ],
    );
    assert.ok(desk.taken.every((message) => /^\d\d:\d\d:\d\d,\d\d-\d\d-\d{4}$/.test(message.ts)), 'each has its time');
  });
}

test('with the wrong key nothing is delivered to iobroker.sia', judged, async (t) => {
  const desk = await receiver(t, { aes: true, hex: true, password: key });
  const client = new Client(t, 'sia', [desk.at], { ...quick, answer: 100, connect: 100, key: 'ff'.repeat(16) });
  client.tell('send 1 smoke alarm');
  const { result, why } = await client.result(1);
  assert.equal(result, 'failed');
  // Now and then what it decrypts happens to look like a message and it acknowledges that: with its own key, not ours.
  assert.match(why, /NAK|in time/);
});

// ---- a receiver that does as it is told

const crc16 = (text) => {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let i = 0; i < 8; ++i) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc.toString(16).toUpperCase().padStart(4, '0');
};
const wrap = (text) => `\n${crc16(text)}${text.length.toString(16).toUpperCase().padStart(4, '0')}${text}\r`;
const stamp = (date = new Date()) => {
  const [, y, m, d, clock] = /(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(date.toISOString());
  return `_${clock},${m}-${d}-${y}`;
};
const seal = (text, secret) => {
  const padded = `${'x'.repeat(15 - (text.length % 16))}|${text}`;
  const cipher = crypto.createCipheriv('aes-128-cbc', Buffer.from(secret, 'hex'), Buffer.alloc(16)).setAutoPadding(false);
  return cipher.update(padded).toString('hex').toUpperCase();
};

// answer(id, sequence, frame) -> text to send back, or nothing
async function obedient(t, answer) {
  const heard = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    socket.on('data', (data) => {
      for (const frame of data.toString('latin1').split('\r').filter(Boolean)) {
        const [, crc, length, content] = /^\n(....)(....)(.*)$/s.exec(frame);
        assert.equal(crc, crc16(content));
        assert.equal(parseInt(length, 16), content.length);
        const [, id, sequence] = /^"(.+?)"(\d{4})L0#1001\[/.exec(content);
        heard.push({ id, sequence, content });
        const text = answer(id, sequence, content);
        if (text) socket.write(text);
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { at: `127.0.0.1:${server.address().port}`, heard };
}
const ack = (sequence) => wrap(`"ACK"${sequence}L0#1001[]`);

test('supervision is NULL with the sequence 0000, and its ACK keeps the link up', async (t) => {
  const desk = await obedient(t, (id, sequence) => ack(sequence));
  const client = new Client(t, 'sia', [desk.at], { ...quick, supervision: 100 });
  await client.up(0);
  client.tell('send 1 panic_button alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.match(desk.heard[0].content, /^"NULL"0000L0#1001\[\]_/);
  assert.ok(desk.heard.some(({ content }) => content.includes('[#1001|Nri1/PA17]')));
});

test('DUH ends a message as failed at once, NAK after three more tries', async (t) => {
  let says = 'DUH';
  const desk = await obedient(t, (id, sequence) =>
    says === 'DUH' ? wrap(`"DUH"${sequence}L0#1001[]${stamp()}`) : wrap(`"NAK"0000R0L0A0[]${stamp()}`),
  );
  const client = new Client(t, 'sia', [desk.at], quick);
  client.tell('send 1 smoke alarm');
  assert.match((await client.result(1)).why, /DUH/);
  assert.equal(desk.heard.length, 1);
  says = 'NAK';
  client.tell('send 2 smoke alarm');
  assert.match((await client.result(2)).why, /NAK/);
  assert.equal(desk.heard.length, 5);
});

test('with a key, an acknowledgement in clear, of another key or of another hour does not count', async (t) => {
  const forged = [
    (sequence) => ack(sequence),
    (sequence) => wrap(`"*ACK"${sequence}L0#1001[${seal(`]${stamp()}`, 'ff'.repeat(16))}`),
    (sequence) => wrap(`"*ACK"${sequence}L0#1001[${seal(`]${stamp(new Date(Date.now() - 3600_000))}`, key)}`),
    (sequence) => wrap(`"*ACK"${sequence}L0#1001[${seal(`]${stamp()}`, key)}`),
  ];
  let next = 0;
  const desk = await obedient(t, (id, sequence) => forged[next++](sequence));
  const client = new Client(t, 'sia', [desk.at], { ...quick, key });
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(next, 4);
  const cipher = desk.heard.map(({ content }) => content);
  assert.equal(new Set(cipher).size, 4, 'equal messages look different: the padding is random');
  assert.ok(cipher.every((content) => !content.includes('FA17')));
});

test('an acknowledgement with a wrong CRC does not count', async (t) => {
  let tries = 0;
  const desk = await obedient(t, (id, sequence) => (++tries === 1 ? ack(sequence).replace(/^\n..../, '\n0000') : ack(sequence)));
  const client = new Client(t, 'sia', [desk.at], quick);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(tries, 2);
});
