// The garage of bayward-site as a person with a phone meets it: where can I charge, pictures that tell their place to the
// requester alone, a scanned pod, the Wi-Fi password; and what it says when devices are gone or input is bad.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { bayPicture, httpServer, lanCall } from './garage_parts.mjs';
import { directory, eventually, programs, run, within } from './program.mjs';

const siteProgram = path.join(programs, 'bayward-site');

class Site {
  static async start(t, dir, garage) {
    const site = new Site();
    site.dir = dir;
    await mkdir(path.join(dir, 'data'), { recursive: true });
    const key = path.join(dir, 'key');
    if (!existsSync(key)) await writeFile(key, randomBytes(24).toString('hex'));
    await writeFile(path.join(dir, 'token'), 'token-of-the-field');
    await writeFile(
      path.join(dir, 'site.toml'),
      `[site]\ndata_directory = "${dir}/data"\naddress = "127.0.0.1"\nport = 0\n\n` +
        `[upstream]\nurl = "ws://127.0.0.1:9/ocpp"\n\n` +
        `[garage]\nsite = "site-1"\nname = "Linden"\nkey_file = "${key}"\nfield_token_file = "${dir}/token"\n` +
        `page_url = "http://192.168.77.1"\n${garage}`,
    );
    site.child = spawn(siteProgram, ['--config', path.join(dir, 'site.toml')]);
    site.log = '';
    site.ended = once(site.child, 'close');
    const listening = new Promise((resolve) => {
      const read = (data) => {
        site.log += data;
        const line = site.log.split('\n').find((one) => one.includes('"http.listening"'));
        if (line && !site.url && line.endsWith('}')) {
          site.url = `http://127.0.0.1:${JSON.parse(line).port}`;
          resolve();
        }
      };
      site.child.stdout.on('data', read);
      site.child.stderr.on('data', read);
    });
    t.after(() => site.kill());
    await within(Promise.race([listening, site.ended]), 30_000, 'bayward-site listens');
    if (!site.url) throw new Error(`bayward-site ended:\n${site.log.slice(-2000)}`);
    return site;
  }
  kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }
  call(method, target, body, headers) {
    return lanCall(this.url, this.cookie, method, target, body, headers);
  }
  field(target, body = {}) {
    return this.call('POST', `/field/v1/${target}`, body, { authorization: 'Bearer token-of-the-field' });
  }
  async begin() {
    const begun = await this.call('POST', '/lan/v1/session', {});
    assert.equal(begun.status, 200);
    this.cookie = begun.headers.get('set-cookie').split(';')[0];
    this.secret = Buffer.from(begun.json.place_secret, 'base64');
  }
  async codes() {
    const out = path.join(this.dir, 'codes');
    await mkdir(out, { recursive: true });
    const made = await run(siteProgram, ['--config', path.join(this.dir, 'site.toml'), 'qr', out]);
    assert.equal(made.code, 0, made.stderr);
    return Object.fromEntries(made.stdout.trim().split('\n').map((line) => [line.split('.svg')[0], line.split('/q/')[1]]));
  }
}

const bay = 'bay-100000001';
const oneBay = (camera) =>
  `[[garage.bay]]\nbay = "${bay}"\nlabel = "A-1"\nlatitude = 48.1351253\nlongitude = 11.5819806\n` +
  `camera = "north"\n\n[[garage.camera]]\nname = "north"\nurl = "${camera}/snap.png"\n`;

// As docs/site.md tells people who write their own client.
function unshift(secret, id, latitude, longitude) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(id.length);
  const digest = createHmac('sha256', secret).update('place/v1').update(length).update(id).digest();
  const back = (value, half, places, at) =>
    Number((((BigInt(value) + half - (digest.readBigUInt64BE(at) % places)) % places) + places) % places - half);
  return [back(latitude, 900000000n, 1800000001n, 0), back(longitude, 1800000000n, 3600000000n, 8)];
}

function exifPlace(file) {
  const said = execFileSync('exiv2', ['-Pkv', file], { encoding: 'utf8' });
  const value = (key) => new RegExp(`Exif\\.\\S+\\.${key} +(.*)`).exec(said)[1].trim();
  const e7 = (key, negative) => {
    const [d, m, s] = value(key).split(' ').map((one) => one.split('/').map(Number)).map(([a, b]) => a / b);
    const size = Math.round((d + m / 60 + s / 3600) * 1e7);
    return value(`${key}Ref`).startsWith(negative) ? -size : size;
  };
  return { latitude: e7('GPSLatitude', 'S'), longitude: e7('GPSLongitude', 'W'), id: value('ImageUniqueID') };
}

test('the LAN page is one small page of its own, and bad input gets a clear word', async (t) => {
  const camera = await httpServer(t, {});
  const site = await Site.start(t, await directory(t), oneBay(camera.url));
  const page = await site.call('GET', '/');
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
  assert.doesNotMatch(page.bytes.toString(), /https?:\/\//);
  assert.equal((await site.call('GET', '/lan/v1/places')).status, 401);
  await site.begin();
  assert.equal((await site.call('POST', '/lan/v1/holds', { bay: 'A-1' })).json.code, 'bad_request');
  assert.equal((await site.call('POST', '/lan/v1/holds', { bay })).json.code, 'no_phone');
  assert.equal((await site.call('POST', '/lan/v1/phone', { phone: '12' })).json.code, 'bad_phone');
  const noSms = await site.call('POST', '/lan/v1/phone', { phone: '+4915112345678' });
  assert.equal(noSms.json.code, 'sms', 'no gateway is configured: said, not hidden');
  assert.equal((await site.call('POST', '/field/v1/plates', {})).status, 401);
});

test('a reference is taught, and a camera that is gone is a reason', async (t) => {
  let picture = () => ({ type: 'image/png', body: bayPicture() });
  const camera = await httpServer(t, { '/snap.png': () => picture() });
  const dir = await directory(t);
  const site = await Site.start(t, dir, oneBay(camera.url));
  assert.deepEqual((await site.field(`bays/${bay}/reference`)).json, { learnt: true });
  assert.ok(existsSync(path.join(dir, 'data/garage/references', `${bay}.png`)));
  picture = () => ({ type: 'image/png', body: bayPicture().subarray(0, 5000) });
  assert.match((await site.field(`bays/${bay}/reference`)).json.detail, /damaged/);
  picture = () => ({ status: 500 });
  assert.match((await site.field(`bays/${bay}/reference`)).json.detail, /HTTP 500/);
  camera.server.closeAllConnections();
  camera.server.close();
  assert.match((await site.field(`bays/${bay}/reference`)).json.detail, /does not answer/);
});

test('where can I charge: seen in the picture, its place readable with the secret of the session only', async (t) => {
  let picture = { seed: 1 };
  const camera = await httpServer(t, { '/snap.png': () => ({ type: 'image/png', body: bayPicture(picture) }) });
  const dir = await directory(t);
  const site = await Site.start(t, dir, oneBay(camera.url));
  await site.begin();
  const places = () => site.call('GET', '/lan/v1/places').then((answer) => answer.json);
  assert.equal((await places()).others[0].doing, 'unknown', 'nobody has heard of the bay');
  assert.equal(camera.asked.length, 0, 'only idle bays take a picture');
  assert.equal((await site.field(`bays/${bay}/reference`)).status, 200);
  assert.equal((await site.field(`bays/${bay}/state`, { doing: 'idle', vehicle: false })).status, 200);

  picture = { seed: 2, light: 0.7 };
  const seen = await eventually(places, (now) => now.places.length === 1, 'the bay is offered');
  assert.equal(seen.places[0].offer, 'seen_free');
  const jpeg = await site.call('GET', seen.places[0].picture);
  assert.equal(jpeg.headers.get('content-type'), 'image/jpeg');
  await writeFile(path.join(dir, 'seen.jpg'), jpeg.bytes);
  const written = exifPlace(path.join(dir, 'seen.jpg'));
  assert.deepEqual(unshift(site.secret, written.id, written.latitude, written.longitude), [481351253, 115819806]);
  assert.notDeepEqual(unshift(randomBytes(32), written.id, written.latitude, written.longitude), [481351253, 115819806]);

  picture = { seed: 3, car: true };
  const taken = await eventually(places, (now) => now.places.length === 1 && now.places[0].offer !== 'seen_free', 'the car is seen');
  assert.equal(taken.places[0].offer, 'seen_taken');
  camera.server.closeAllConnections();
  camera.server.close();
  const gone = await eventually(places, (now) => now.places[0]?.offer === 'not_seen', 'the camera is gone');
  assert.match(gone.cameras_gone.north, /does not answer/);
});

test('codes that were printed open the right page; others say so', async (t) => {
  const pods = 'poles = ["lamp-1"]\nfence = [[48.134, 11.580], [48.136, 11.580], [48.136, 11.584]]\n' +
    '[[garage.pod]]\nname = "pod-7"\nnetwork = "Linden pod 7"\n';
  const site = await Site.start(t, await directory(t), pods);
  const codes = await site.codes();
  const pod = await site.call('GET', `/q/${codes['pod-pod-7']}`);
  assert.equal(pod.status, 200);
  assert.match(pod.bytes.toString(), /data-kind="pod" data-name="pod-7"/);
  const other = await site.call('GET', `/q/${codes['pod-pod-7'].replace('p.1.', 'p.2.')}`);
  assert.match(other.bytes.toString(), /belongs to another site/);
  const forged = await site.call('GET', `/q/${codes['pod-pod-7'].replace('pod-7', 'pod-8')}`);
  assert.match(forged.bytes.toString(), /not valid/);
});

test('a phone by SMS, a password that names its reason, a pod unlocked by who may', async (t) => {
  const gateway = await httpServer(t, { '/cgi-bin/sendsms': () => ({ status: 202, body: '0: Accepted for delivery' }) });
  const dir = await directory(t);
  const garage = `movers = ["+49 151 12345678"]\npoles = ["lamp-1"]\n` +
    `fence = [[48.134, 11.580], [48.136, 11.580], [48.136, 11.584]]\n` +
    `[garage.sms]\nurl = "${gateway.url}/cgi-bin/sendsms"\nuser = "u"\n` +
    `[[garage.pod]]\nname = "pod-7"\nnetwork = "Linden pod 7"\npsk_file = "${dir}/psk"\ncontrol = "${dir}/no-hostapd"\n`;
  let site = await Site.start(t, dir, garage);
  const codes = await site.codes();
  await site.begin();
  assert.equal((await site.call('POST', '/lan/v1/phone', { phone: '+4915112345678' })).status, 202);
  const code = /: (\d{6}) /.exec(new URL(gateway.asked[0], 'http://x').searchParams.get('text'))[1];
  const wrong = code === '000000' ? '111111' : '000000';
  assert.equal((await site.call('POST', '/lan/v1/phone/code', { code: wrong })).json.code, 'wrong');
  assert.equal((await site.call('POST', '/lan/v1/phone/code', { code })).status, 200);
  assert.equal((await site.call('POST', '/lan/v1/phone/code', { code })).json.code, 'no_code', 'a code works once');

  const wifi = await site.call('POST', '/lan/v1/wifi', { code: codes['pod-pod-7'] });
  assert.equal(wifi.status, 201);
  assert.match(wifi.json.password, /^[A-Z2-7]{16}$/);
  assert.deepEqual(wifi.json.shortened, ['new_account']);
  const psk = () => readFile(path.join(dir, 'psk'), 'utf8').catch(() => '');
  await eventually(psk, (text) => text.includes(`00:00:00:00:00:00 ${wifi.json.password}`), 'the PSK file has it');

  const unlock = () => site.call('POST', '/lan/v1/pods/unlock', { code: codes['pod-pod-7'] });
  assert.equal((await unlock()).json.code, 'silent');
  assert.equal((await site.field('pods/pod-7/connected', { pole: 'lamp-1' })).status, 200);
  const kept = () => readFile(path.join(dir, 'data/garage/garage.state'), 'latin1').catch(() => '');
  let before = '';
  let unchanged = 0;
  const quiet = (text) => {
    unchanged = text === before ? unchanged + 1 : 0;
    before = text;
    return unchanged === 20; // looks, of 50 ms each: it is written within a tick of the program
  };
  await eventually(kept, quiet, 'all that came before is on disk');
  assert.equal((await unlock()).json.state, 'unlocked');
  const record = () => readFile(path.join(dir, 'data/garage-record.jsonl'), 'utf8').catch(() => '');
  const lines = await eventually(record, (text) => text.includes('pod.unlocked'), 'the record has it');
  const unlocked = lines.split('\n').find((line) => line.includes('pod.unlocked'));
  assert.match(JSON.parse(unlocked).original_network, /^127\.0\.0\.1 /);
  assert.ok(!lines.includes(wifi.json.password), 'no password on record');

  const after = await eventually(kept, (text) => text !== before, 'who unlocked it is on disk');
  for (const secret of ['127.0.0.1', '+49']) assert.ok(!after.includes(secret), 'and lies sealed');
  await site.kill();
  site = await Site.start(t, dir, garage);
  const place = await site.field('pods/pod-7/heard');
  assert.equal(place.json.state, 'unlocked', 'a crash neither locks nor forgets who unlocked it');
});

test('damaged configuration is told by its key', async (t) => {
  const dir = await directory(t);
  for (const [garage, reason] of [
    ['colour = "red"', /garage\.colour: unknown key/],
    [`[[garage.bay]]\nbay = "A-1"\nlabel = "x"`, /garage\.bay\[0\]\.bay: must be an id such as bay-100000001/],
    [`[[garage.bay]]\nbay = "${bay}"\nlabel = "x"\ncamera = "none"`, /camera 'none' is not in \[\[garage\.camera\]\]/],
    [`[[garage.camera]]\nname = "n"\nurl = "rtsp://x"`, /must begin with http:\/\/ or https:\/\//],
    [`levels = ["P1"]\n[[garage.node]]\nname = "a"\nlevel = "P1"`, /the garage plan has no entrance/],
    [`fence = [[1, 2]]\n[[garage.pod]]\nname = "p"`, /the geofence needs 3 to 64 corners/],
  ]) {
    await assert.rejects(Site.start(t, dir, garage), reason);
  }
});
