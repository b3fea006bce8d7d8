// bayward-site when what comes in is bad: cameras that hang or lie, codes of another site, replayed and expired codes and
// passwords, plates that are no plates, damaged files, a wrong clock, a full disk. Each time: a clear word, and what was
// acknowledged is there.
import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { once } from 'node:events';
import test from 'node:test';

import { assertBilled, bookNow, card, Charger, chargingSite, sessionOf } from '../conformance/charging_site.mjs';
import { bayPicture, httpServer, lanCall } from './garage_parts.mjs';
import { directory, eventually, programs, run, Server, smallDisk } from './program.mjs';
import { Site, siteConfig, siteProgram } from './site_program.mjs';

const preload = path.join(programs, 'wrong_clock.so');
const noPreload = /(a|t)san$/.test(programs) ? 'a sanitizer must be the first thing loaded' : !existsSync(preload) && `${preload} is not built`;
const year = 365 * 86_400;
const boot16 = { chargePointVendor: 'Other', chargePointModel: 'Judge' };
const now = () => new Date().toISOString();

const bay = (n) => `bay-10000000${n}`;
const bayAt = (n, camera) => `[[garage.bay]]\nbay = "${bay(n)}"\nlabel = "A-${n}"\nlatitude = 48.1351253\nlongitude = 11.5819806\ncamera = "${camera}"\n`;
const cameraAt = (name, url) => `[[garage.camera]]\nname = "${name}"\nurl = "${url}"\n`;

class Garage {
  static async start(t, more, { dir, args = [], site = 'site-1', keep } = {}) {
    const garage = new Garage();
    garage.dir = dir ?? (await directory(t));
    const key = path.join(garage.dir, 'key');
    if (!existsSync(key)) await writeFile(key, keep ?? 'k'.repeat(40));
    await writeFile(path.join(garage.dir, 'token'), 'token-of-the-field');
    garage.config = await siteConfig(
      garage.dir,
      'ws://127.0.0.1:9/ocpp',
      `[garage]\nsite = "${site}"\nkey_file = "${key}"\nfield_token_file = "${garage.dir}/token"\npage_url = "http://192.168.77.1"\n${more}`,
    );
    garage.site = await Site.start(t, garage.config, { args });
    return garage;
  }
  call(method, target, body, headers) {
    return lanCall(this.site.url, this.cookie, method, target, body, headers);
  }
  field(target, body = {}) {
    return this.call('POST', `/field/v1/${target}`, body, { authorization: 'Bearer token-of-the-field' });
  }
  async begin() {
    this.cookie = (await this.call('POST', '/lan/v1/session', {})).headers.get('set-cookie').split(';')[0];
  }
  async codes() {
    const out = path.join(this.dir, 'codes');
    await mkdir(out, { recursive: true });
    const made = await run(siteProgram, ['--config', this.config, 'qr', out]);
    assert.equal(made.code, 0, made.stderr);
    return Object.fromEntries(made.stdout.trim().split('\n').map((line) => [line.split('.svg')[0], line.split('/q/')[1]]));
  }
}

test('cameras that hang, drip, lie, or send too much are reasons; the bays of the others are seen', async (t) => {
  let jpeg = Buffer.alloc(0);
  const good = await httpServer(t, { '/snap': () => ({ type: 'image/png', body: bayPicture() }) });
  const answers = {
    hangs: () => {},
    drips: (response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg' });
      const drop = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(drop));
    },
    garbage: (response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(Buffer.alloc(5000, 0x5a)),
    truncated: (response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(jpeg.subarray(0, jpeg.length / 2)),
    huge: (response) => response.writeHead(200, { 'content-type': 'image/jpeg' }).end(Buffer.alloc(9 << 20, 0xff)),
    page: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>please log in</html>'),
  };
  const bad = createServer((request, response) => answers[request.url.slice(1)](response)).listen(0, '127.0.0.1');
  await once(bad, 'listening');
  t.after(() => {
    bad.closeAllConnections();
    bad.close();
  });
  const names = Object.keys(answers);
  const bays = names.map((name, i) => bayAt(i + 2, name) + cameraAt(name, `http://127.0.0.1:${bad.address().port}/${name}`));
  const garage = await Garage.start(t, `camera_limit_ms = 700\n${bayAt(1, 'good')}${cameraAt('good', `${good.url}/snap`)}${bays.join('')}`);
  await garage.begin();
  assert.equal((await garage.field(`bays/${bay(1)}/reference`)).status, 200);
  const places = async () => (await garage.call('GET', '/lan/v1/places')).json;
  await garage.field(`bays/${bay(1)}/state`, { doing: 'idle', vehicle: false });
  const seen = await eventually(places, (all) => all.places?.[0]?.offer === 'seen_free', 'the good bay is seen');
  jpeg = (await garage.call('GET', seen.places[0].picture)).bytes;
  assert.equal(jpeg.readUInt16BE(0), 0xffd8, 'a JPEG of our own to be cut');
  for (const [i, name] of names.entries()) {
    const answer = await garage.field(`bays/${bay(i + 2)}/reference`);
    assert.ok(answer.status >= 400, `${name} taught something: ${answer.bytes}`);
    assert.match(answer.json.detail, { hangs: /does not answer|time/, drips: /does not answer|time/, garbage: /picture|JPEG|read/, truncated: /damaged|whole|cut/, huge: /larger|more than|too/, page: /picture|JPEG|read/ }[name]);
    await garage.field(`bays/${bay(i + 2)}/state`, { doing: 'idle', vehicle: false });
  }
  const all = await eventually(places, (one) => one.places?.length === names.length + 1 && Object.keys(one.cameras_gone).length === names.length, 'each bad camera is named');
  assert.deepEqual(Object.keys(all.cameras_gone).sort(), [...names].sort());
  assert.equal(all.places.find((one) => one.bay === bay(1)).offer, 'seen_free');
  assert.ok(all.places.filter((one) => one.bay !== bay(1)).every((one) => one.offer === 'not_seen'));
});

test('what is pushed as a plate and is none, by whom it must not come, or without end, does nothing', async (t) => {
  const plan = `levels = ["P1"]\n[[garage.node]]\nname = "gate"\nkind = "entrance"\nlevel = "P1"\nplate_camera = "entrance"\n` +
    `[[garage.node]]\nname = "b1"\nkind = "bay"\nbay = "${bay(1)}"\nlevel = "P1"\neast_m = 10.0\n[[garage.lane]]\nfrom = "gate"\nto = "b1"\n` +
    `[[garage.bay]]\nbay = "${bay(1)}"\nlabel = "A-1"\nlatitude = 48.1\nlongitude = 11.5\n`;
  const garage = await Garage.start(t, plan);
  const bad = [
    ['{', 400], ['[]', 400], ['{"camera":"entrance"}', 400], ['{"camera":1,"plate":2}', 400],
    ['{"camera":"entrance","plate":"M-AB 1","confidence":"high"}', 400],
    [JSON.stringify({ camera: 'entrance', plate: 'X'.repeat(100_000), confidence: 99 }), 413],
    [Buffer.concat([Buffer.from('{"camera":"entrance","confidence":99,"plate":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')]), 400],
  ];
  for (const [body, status] of bad) {
    const answer = await garage.field('plates', body);
    assert.ok(answer.status === status || (status === 413 && answer.status === 400), `${String(body).slice(0, 40)}: ${answer.status} ${answer.bytes}`);
    assert.ok(answer.json.detail, 'it says why');
  }
  assert.equal((await garage.call('POST', '/field/v1/plates', { camera: 'entrance', plate: 'M-AB 1' }, { authorization: 'Bearer wrong' })).status, 401);
  assert.ok((await garage.field('plates', { camera: 'nobody', plate: 'M-AB 1', confidence: 99 })).status >= 400);
  assert.ok((await garage.field('plates', { camera: 'entrance', plate: 'M-AB 1', confidence: 99 })).status < 300);
  assert.equal((await garage.site.health()).status, 'ok');
});

test('the code of another site, a forged one, and codes by SMS that are wrong, replayed or expired open nothing', async (t) => {
  const gateway = await httpServer(t, { '/sms': () => ({ status: 202, body: '0: Accepted for delivery' }) });
  const pods = `movers = ["+49 151 12345678"]\npoles = ["lamp-1"]\nfence = [[48.134, 11.580], [48.136, 11.580], [48.136, 11.584]]\n` +
    `[garage.sms]\nurl = "${gateway.url}/sms"\nuser = "u"\n[[garage.pod]]\nname = "pod-7"\nnetwork = "Linden pod 7"\n`;
  const other = await Garage.start(t, pods, { site: 'site-2', keep: 'z'.repeat(40) });
  const foreign = (await other.codes())['pod-pod-7'];
  // A minute takes a tenth of a second, so that what expires does so while we look.
  const garage = await Garage.start(t, pods, { args: ['--clock-speed', '600'] });
  const own = (await garage.codes())['pod-pod-7'];
  await garage.begin();
  const wifi = (code) => garage.call('POST', '/lan/v1/wifi', { code });
  const unlock = (code) => garage.call('POST', '/lan/v1/pods/unlock', { code });
  assert.equal((await wifi(own)).json.code, 'no_phone', 'nobody without a proven number');

  const lastSms = () => /: (\d{6}) /.exec(new URL(gateway.asked.at(-1), 'http://x').searchParams.get('text'))[1];
  const askCode = async () => {
    const before = gateway.asked.length;
    await eventually(() => garage.call('POST', '/lan/v1/phone', { phone: '+4915112345678' }), (answer) => answer.status === 202, 'a code is sent');
    await eventually(() => gateway.asked.length, (count) => count > before, 'the gateway has it');
    return lastSms();
  };
  const give = async (code) => (await garage.call('POST', '/lan/v1/phone/code', { code })).json?.code ?? 'good';
  const expired = await askCode();
  let began;
  await eventually(async () => Date.parse((await garage.site.health()).time), (time) => time > (began ??= time) + 16 * 60_000, 'a quarter of an hour passes there');
  assert.notEqual(await give(expired), 'good', 'an expired code');
  const code = await askCode();
  assert.notEqual(await give(code === '111111' ? '222222' : '111111'), 'good');
  assert.equal(await give(code), 'good');
  assert.notEqual(await give(code), 'good', 'a code works once');

  for (const [what, bad] of Object.entries({
    'of another site': foreign, forged: own.replace('pod-7', 'pod-8'), cut: own.slice(0, -3), empty: '', long: 'p.1.'.padEnd(5_000, 'a'), odd: '../../etc',
  })) {
    for (const answer of [await wifi(bad), await unlock(bad)]) {
      assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.bytes}`);
      assert.ok(answer.json.detail, `${what} is explained`);
    }
  }
  assert.match((await wifi(foreign)).json.detail, /another site/);
  const given = await wifi(own);
  assert.equal(given.status, 201);
});

test('damaged files: said by name, and nothing is decided by them', async (t) => {
  const dir = await directory(t);
  const key = path.join(dir, 'key');
  await writeFile(key, 'k'.repeat(40));
  const password = path.join(dir, 'password');
  await writeFile(password, 'secret\n');
  const file = await siteConfig(dir, 'ws://127.0.0.1:9/ocpp', `[controller]\nidentity = "SITE-1"\npassword_file = "${password}"\n[garage]\nsite = "site-1"\nkey_file = "${key}"\n`);
  const data = path.join(dir, 'site');
  const site = await Site.start(t, file);
  await site.stop();
  const good = await readFile(file);
  const starts = async (reason) => {
    const ended = await run(siteProgram, ['--config', file], { limit: 20_000 });
    assert.notEqual(ended.code, 0, `it started although ${reason}`);
    assert.match(ended.stderr + ended.stdout, reason);
  };
  // The configuration.
  for (const [text, reason] of [
    [Buffer.alloc(300, 0), /site\.toml/],
    [Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x0a]), /site\.toml/],
    [good.subarray(0, good.length - 4), /site\.toml:\d+|garage/],
    [Buffer.concat([good, Buffer.from('\n[site]\n')]), /site\.toml:\d+/],
    [Buffer.concat([good, Buffer.from('\n[mesh]\nudp = ["127.0.0.1:0,127.0.0.1:1"]\n')]), /mesh\.key_file/],
    [Buffer.concat([good, Buffer.from(`\n[mesh]\nudp = ["nonsense"]\nal_mac = "02:00:00:00:00:09"\nkey_file = "${dir}/none"\n`)]), /key file .*none.* can't be read/],
    [Buffer.concat([good, Buffer.from('\n[mesh]\npriority = 1000\n')]), /mesh\.priority: must be 0/],
  ]) {
    await writeFile(file, text);
    await starts(reason);
  }
  await writeFile(file, good);
  // The keys and passwords.
  await rm(password);
  await starts(/password.*can't be read/);
  await writeFile(password, 'secret\n');
  await writeFile(key, 'short');
  await starts(/key/);
  await writeFile(key, 'k'.repeat(40));
  // What it has kept itself.
  for (const [name, reason] of [['uplink.db', /uplink\.db/], ['authority.db', /authority\.db/]]) {
    const place = path.join(data, name);
    const before = await readFile(place);
    await rm(`${place}-wal`, { force: true });
    await writeFile(place, Buffer.alloc(8192, 0x42));
    await starts(reason);
    await writeFile(place, before);
  }
  await writeFile(path.join(data, 'clock'), 'yesterday\n'); // no time: as if there were none
  const again = await Site.start(t, file);
  assert.equal((await again.health()).time_sure, true);
  await again.stop();
});

test('plates and phones lie sealed: not readable in authority.db, and of no use without their key', async (t) => {
  const place = await chargingSite(t, 'CP-S');
  const { password } = await place.staff.post(`/sites/${place.site}/stations`, { identity: 'SITE-1', controller: true });
  const dir = await directory(t);
  await writeFile(path.join(dir, 'password'), `${password}\n`);
  const file = await siteConfig(dir, `ws://127.0.0.1:${place.server.port}/ocpp`, `[controller]\nidentity = "SITE-1"\npassword_file = "${dir}/password"\n`);
  const site = await Site.start(t, file);
  const start = Math.ceil((Date.now() + 3_600_000) / 900_000) * 900_000;
  await place.driver.post('/bookings', { bay: place.bay, vehicle: place.driver.vehicle, start: new Date(start).toISOString(), end: new Date(start + 3_600_000).toISOString() });
  await eventually(async () => (await site.health()).controller.claims, (claims) => claims === 1, 'the booking is briefed', 20_000);
  await site.kill();
  const data = path.join(dir, 'site');
  const kept = Buffer.concat(await Promise.all(['authority.db', 'authority.db-wal'].map((name) => readFile(path.join(data, name)).catch(() => Buffer.alloc(0)))));
  assert.ok(kept.length > 1000);
  for (const secret of ['M-BY 2026', 'MBY2026', '+491713920002']) assert.ok(!kept.includes(secret), `${secret} is readable`);
  const keyFile = path.join(data, 'authority.key');
  const key = await readFile(keyFile);
  const starts = async (reason) => {
    const ended = await run(siteProgram, ['--config', file], { limit: 20_000 });
    assert.notEqual(ended.code, 0);
    assert.match(ended.stderr, reason);
  };
  await rm(keyFile);
  await starts(/authority\.key is missing.*register the controller anew/s);
  await writeFile(keyFile, String(key).replace(/[0-9a-f](?=\n)/, (digit) => (digit === '0' ? '1' : '0')), { mode: 0o600 });
  await starts(/sealed with another key/);
  chmodSync(keyFile, 0o644);
  await starts(/chmod 600/);
  await rm(keyFile);
  await writeFile(keyFile, key, { mode: 0o600 });
  const again = await Site.start(t, file);
  assert.equal((await again.health()).controller.claims, 1);
});

for (const [name, by] of [['behind', -year], ['ahead', year]]) {
  test(`a clock that is a year ${name} at boot: who may charge for a time is not let in, stations get the right time, and the platform puts it right`, { skip: noPreload }, async (t) => {
    const place = await chargingSite(t, 'CP-C');
    const dir = await directory(t);
    const config = await siteConfig(dir, `ws://127.0.0.1:${place.server.port}/ocpp`);
    let site = await Site.start(t, config);
    let charger = await Charger.connect(t, { ...place, server: site }, 'CP-C', 'ocpp1.6');
    await charger.call('BootNotification', boot16);
    const booking = await bookNow(place);
    const reservation = await charger.asked('ReserveNow');
    const started = await charger.call('StartTransaction', { connectorId: 1, idTag: reservation.idTag, meterStart: 0, reservationId: reservation.reservationId, timestamp: now() });
    assert.equal(started.idTagInfo.status, 'Accepted');
    assert.equal((await charger.call('Authorize', { idTag: card })).idTagInfo.status, 'Accepted');
    await eventually(() => existsSync(path.join(dir, 'site/clock')), Boolean, 'the time is kept');
    const kept = () => Promise.all(['uplink.db', 'uplink.db-wal'].map((name) => readFile(path.join(dir, 'site', name), 'latin1').catch(() => '')));
    await eventually(async () => (await kept()).join(''), (text) => text.includes('scrypt$'), 'the station is known without the platform');
    await place.server.kill();
    await site.kill();
    await charger.client.close({ force: true }).catch(() => {});

    site = await Site.start(t, config, { env: { LD_PRELOAD: preload, WRONG_CLOCK_S: String(by) } });
    assert.match(site.log, /"clock\.not_believed".*what_to_do/);
    assert.equal((await site.health()).time_sure, false);
    charger = await Charger.connect(t, { ...place, server: site }, 'CP-C', 'ocpp1.6');
    const { currentTime } = await charger.call('BootNotification', boot16);
    assert.ok(Math.abs(Date.parse(currentTime) - Date.now()) < 11 * 60_000, `stations are told ${currentTime}`);
    assert.notEqual((await charger.call('Authorize', { idTag: card })).idTagInfo.status, 'Accepted');
    // What runs goes on, and is billed once.
    await charger.call('StopTransaction', { transactionId: started.transactionId, meterStop: 4_000, timestamp: now() });
    const server = await Server.start(t, place.dataDir, [], place.server.port);
    for (const person of [place.staff, place.driver]) person.server = server;
    await eventually(async () => (await site.health()).stations[0]?.waiting, (waiting) => waiting === 0, 'the platform has it', 30_000);
    await charger.call('Heartbeat');
    const health = await eventually(() => site.health(), (one) => one.time_sure, 'the platform has told the time');
    assert.ok(Math.abs(Date.parse(health.time) - Date.now()) < 60_000);
    assert.equal((await charger.call('Authorize', { idTag: card })).idTagInfo.status, 'Accepted');
    await charger.call('DataTransfer', { vendorId: 'org.bayward', messageId: 'BayOccupancy', data: JSON.stringify({ connectorId: 1, occupied: false, timestamp: now() }) });
    const session = await sessionOf({ ...place, server }, booking);
    assert.ok(session);
    assert.equal((await place.driver.get(`/sessions/${session.id}`)).body.energy_wh, 4_000);
  });
}

test('a full disk: what cannot be kept is not acknowledged, and with room again nothing is lost', async (t) => {
  const small = await smallDisk(t, '2m', 'site');
  if (!small) return;
  const place = await chargingSite(t, 'CP-F');
  const site = await Site.start(t, await siteConfig(path.dirname(small), `ws://127.0.0.1:${place.server.port}/ocpp`));
  const charger = await Charger.connect(t, { ...place, server: site }, 'CP-F', 'ocpp1.6');
  await charger.call('BootNotification', boot16);
  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  await place.server.kill();
  const filler = path.join(small, 'filler');
  await writeFile(filler, Buffer.alloc(4 << 20)).catch(() => {});
  const start = { connectorId: 1, idTag: reservation.idTag, meterStart: 1_000, reservationId: reservation.reservationId, timestamp: now() };
  // It may have a page left: until one is refused.
  const refusal = await eventually(
    () => charger.call('DataTransfer', { vendorId: 'org.bayward', messageId: 'BayOccupancy', data: JSON.stringify({ connectorId: 1, occupied: true, timestamp: now() }) }).then(() => null, (error) => error),
    (error) => error !== null,
    'a message that cannot be kept is refused',
  );
  assert.match(refusal.rpcErrorCode ?? refusal.code ?? '', /InternalError/);
  await assert.rejects(charger.call('StartTransaction', start));
  assert.equal((await site.health()).status, 'degraded');
  await rm(filler);
  const started = await eventually(() => charger.call('StartTransaction', start).catch(() => null), Boolean, 'with room again it is taken');
  assert.equal(started.idTagInfo.status, 'Accepted');
  await charger.call('StopTransaction', { transactionId: started.transactionId, meterStop: 6_000, timestamp: now() });
  const server = await Server.start(t, place.dataDir, [], place.server.port);
  for (const person of [place.staff, place.driver]) person.server = server;
  place.server = server;
  await eventually(async () => (await site.health()).stations[0].waiting, (waiting) => waiting === 0, 'the platform has it', 30_000);
  await charger.call('DataTransfer', { vendorId: 'org.bayward', messageId: 'BayOccupancy', data: JSON.stringify({ connectorId: 1, occupied: false, timestamp: now() }) });
  await assertBilled(place, booking, 5_000);
});
