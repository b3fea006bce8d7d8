// B5: the police's orders come in, a wanted car drives into a bay, and the police hear of it: the real server on its
// GA/T 1400.4 link, a platform of the tests that shares no code with it, and curl for the orders' digest.
import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { sipDevice, SipPlatform, sipPassword, sipPlatform } from '../conformance/sip_platform.mjs';
import { deviceId, order, orderId, orders, password, platformId, user, ViidPlatform } from '../conformance/viid_platform.mjs';
import { accept, acknowledge, connect, delivered, listen, notice, restart, site } from './alarm_site.mjs';
import { directory, eventually, Person, run, serverProgram } from './program.mjs';

async function wire(t, port, { pictures = false } = {}) {
  const dir = await directory(t);
  await writeFile(path.join(dir, 'password'), `${password}\n`);
  return {
    ways: 'police_desk = ["police:district"]',
    tables: `[alarms.police.district]
protocol = "gat1400"
addresses = ["127.0.0.1:${port}"]
device = "${deviceId}"
platform = "${platformId}"
user = "${user}"
password_file = "${dir}/password"
listen = "127.0.0.1:0"
vehicles = true
pictures = ${pictures}
`,
  };
}

// Where orders are taken, from the server's log.
const door = (server) => JSON.parse(server.log.split('\n').find((line) => line.includes('"police.listening"'))).port;

// As the police platform would, with curl's own digest: { status, body }.
async function bring(server, body, { method = 'POST', target = '/VIID/Dispositions', secret = password, as = platformId } = {}) {
  const url = `http://127.0.0.1:${door(server)}${target}`;
  const args = ['-s', '--digest', '-u', `${user}:${secret}`, '-X', method, '-H', `User-Identify: ${as}`];
  if (body !== undefined) args.push('-H', 'Content-Type: application/VIID+JSON', '--data-binary', '@-');
  const { stdout } = await run('curl', [...args, '-w', '\n%{http_code}', url], { input: body ?? '' });
  const [, text, status] = /^([\s\S]*)\n(\d+)$/.exec(stdout);
  return { status: Number(status), answers: text ? JSON.parse(text).ResponseStatusListObject?.ResponseStatusObject : null };
}

const read = (charger, plate) => notice(charger, 'VehicleIdSensor', 'VehicleId', plate);

async function assertNowhere(dir, words) {
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(path.join(entry.parentPath ?? entry.path, entry.name));
    for (const word of words) assert.equal(bytes.includes(word), false, `${word} stands in ${entry.name}`);
  }
}

test('B5: a wanted car is told to the police alone, through an outage and a crash, and what was looked up is on record', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const platform = await new ViidPlatform().listen();
  t.after(() => platform.close());
  const place = await site(t, office.port, gateway.port, await wire(t, platform.port));
  await eventually(
    () => platform.registered,
    (done) => done,
    'registered with digest',
  );

  assert.equal((await bring(place.server, orders(order('京A12345')), { secret: 'wrong' })).status, 401);
  assert.equal((await bring(place.server, orders(order('京A12345')), { as: deviceId })).status, 403);
  const taken = await bring(place.server, orders(order('京AO2345，坏?牌；粤B 55555'), { DispositionID: 'short' }));
  assert.equal(taken.status, 200);
  assert.deepEqual(
    taken.answers.map(({ StatusCode }) => StatusCode),
    [0, 8],
  );

  let charger = await connect(t, place);
  await read(charger, '京A02345'); // O and 0
  const [hit] = await eventually(
    () => platform.hits(),
    (seen) => seen.length > 0,
    'the police know of it',
  );
  assert.equal(hit.DispositionID, orderId);
  assert.equal(hit.MotorVehicleObject.PlateNo, '京A02345');
  assert.match(hit.Tag, /similarity=90; place=Charging site, A-1/);
  assert.deepEqual((await place.staff.get(`/sites/${place.site}/incidents`)).body.items.map(({ kind }) => kind).includes('watch_list'), false);
  await eventually(
    () => platform.vehicles(),
    (seen) => seen.some(({ PlateNo }) => PlateNo === '京A02345'),
    'every vehicle is told',
  );

  // The platform is down, the server dies, and the next car is told all the same.
  const { port } = platform;
  await platform.close();
  await read(charger, '粤B55555');
  await place.server.kill();
  await restart(t, place);
  await platform.listen(port);
  await eventually(
    () => platform.hits(),
    (seen) => seen.some(({ MotorVehicleObject }) => MotorVehicleObject.PlateNo === '粤B55555'),
    'the second hit',
    90_000,
  );

  // Withdrawn: nothing more.
  const gone = await bring(place.server, undefined, { method: 'DELETE', target: `/VIID/Dispositions?IDList=${orderId}` });
  assert.deepEqual(gone.answers.map(({ StatusCode }) => StatusCode), [0]);
  charger = await connect(t, place);
  const before = platform.hits().length;
  await read(charger, '京AO2345');
  await eventually(
    () => platform.vehicles(),
    (seen) => seen.some(({ PlateNo }) => PlateNo === '京AO2345'),
    'it was seen',
  );
  assert.equal(platform.hits().length, before);
  assert.deepEqual(platform.complaints, []);

  const { log } = await place.server.stop();
  assert.doesNotMatch(log, /A[O0]2345|B55555/, 'no plate in the log');
  const exported = await run(serverProgram, ['journal', 'export', '--data-dir', place.dataDir]);
  assert.equal(exported.stdout.split('"PlateLookedUp"').length - 1 >= 3, true, 'every look-up is on record');
  assert.match(exported.stdout, /"WatchOrderEnded"/);
  const verified = await run(serverProgram, ['journal', 'verify', '--data-dir', place.dataDir]);
  assert.equal(verified.code, 0, verified.stderr);
  await assertNowhere(place.dataDir, ['AO2345', 'A02345', 'B55555', 'Stolen car', orderId]);
});

// The smallest that begins and ends as a JPEG does; nobody here looks inside.
const jpeg = (text) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(text), Buffer.from([0xff, 0xd9])]);
const show = (charger, plate, picture) =>
  charger.call('DataTransfer', { vendorId: 'org.bayward', messageId: 'VehicleId', data: { evseId: 1, plate, picture } });

test('F3: a vehicle goes up with the picture that came with its plate, on record, and nothing of it stays', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const platform = await new ViidPlatform().listen();
  t.after(() => platform.close());
  const place = await site(t, office.port, gateway.port, await wire(t, platform.port, { pictures: true }));
  const charger = await connect(t, place);
  const picture = jpeg('the car in bay A-1 '.repeat(3000));
  assert.ok(picture.length < 64 * 1024);
  assert.equal((await show(charger, '京A12345', picture.toString('base64'))).status, 'Accepted');
  await read(charger, '京A12345'); // as a bay does that says it both ways
  const [first] = await eventually(
    () => platform.vehicles(),
    (seen) => seen.length > 0,
    'the vehicle is told',
  );
  const [image] = first.SubImageList.SubImageInfoObject;
  assert.equal(first.PlateNo, '京A12345');
  assert.equal(image.FileFormat, 'Jpeg');
  assert.deepEqual(Buffer.from(image.Data, 'base64'), picture);

  // The next car has none, and gets none of the other's.
  await read(charger, '京B12345');
  const next = await eventually(
    () => platform.vehicles(),
    (seen) => seen.some(({ PlateNo }) => PlateNo === '京B12345'),
    'the next vehicle',
  );
  assert.deepEqual(next.filter(({ SubImageList }) => SubImageList).length, 1);

  for (const bad of ['', 'no base64!', Buffer.from('GIF89a').toString('base64'), jpeg('x'.repeat(64 * 1024)).toString('base64')]) {
    assert.equal((await show(charger, '京C12345', bad)).status, 'Rejected', bad.slice(0, 20));
  }
  await notice(charger, 'BayOccupancySensor', 'Active', 'true');
  await notice(charger, 'BayOccupancySensor', 'Active', 'false');
  const { log } = await place.server.stop();
  assert.doesNotMatch(log, /A12345/);
  const exported = await run(serverProgram, ['journal', 'export', '--data-dir', place.dataDir]);
  assert.equal(exported.stdout.split('"PictureGiven"').length - 1, 1, 'what went out is on record, once');
  await assertNowhere(place.dataDir, ['the car in bay A-1']);
  assert.deepEqual(platform.complaints, []);
});

test('F3: without a desk that may have pictures none is kept and none goes up', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const platform = await new ViidPlatform().listen();
  t.after(() => platform.close());
  const place = await site(t, office.port, gateway.port, await wire(t, platform.port));
  const charger = await connect(t, place);
  assert.equal((await show(charger, '京A12345', jpeg('pixels').toString('base64'))).status, 'Accepted');
  const [seen] = await eventually(
    () => platform.vehicles(),
    (all) => all.length > 0,
    'the vehicle is told',
  );
  assert.equal(seen.PlateNo, '京A12345');
  assert.equal(seen.SubImageList, undefined);
  await place.server.stop();
  const exported = await run(serverProgram, ['journal', 'export', '--data-dir', place.dataDir]);
  assert.doesNotMatch(exported.stdout, /PictureGiven/);
});

test('B5: an order for 100,000 plates, some of them malformed, is taken, and one of them found', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const platform = await new ViidPlatform().listen();
  t.after(() => platform.close());
  const place = await site(t, office.port, gateway.port, await wire(t, platform.port));
  const plates = Array.from({ length: 100_000 }, (_, i) => (i % 100 === 7 ? 'b#d' : `沪C${10_000 + i}`));
  const taken = await bring(place.server, orders(order(plates.join(','))));
  assert.equal(taken.status, 200);
  assert.equal(taken.answers[0].StatusCode, 0);
  assert.equal(taken.answers[0].StatusString, "1000 plates can't be read");
  const charger = await connect(t, place);
  await read(charger, '沪C77777');
  await eventually(
    () => platform.hits(),
    (seen) => seen.length === 1,
    'one of a hundred thousand',
    60_000,
  );
  for (const nonsense of ['', '{', '[[[[[[[[[[[[[[[[[[[[[[', '{"DispositionListObject":{"DispositionObject":7}}']) {
    assert.ok([200, 400].includes((await bring(place.server, nonsense)).status));
  }
  const again = await bring(place.server, orders(order('')));
  assert.notEqual(again.answers[0].StatusCode, 0);
});

test('D6: the panic button is told to the police and to the property at once, and closed it gives the all-clear', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const platform = await new SipPlatform().listen();
  t.after(() => platform.close());
  const dir = await directory(t);
  await writeFile(path.join(dir, 'password'), `${sipPassword}\n`);
  const place = await site(t, office.port, gateway.port, {
    ways: 'police_desk = ["police:alarms"]',
    tables: `[alarms.police.alarms]
protocol = "gbt28181"
addresses = ["127.0.0.1:${platform.port}"]
device = "${sipDevice}"
platform = "${sipPlatform}"
password_file = "${dir}/password"
`,
  });
  await eventually(
    () => platform.registered,
    (done) => done,
    'registered',
  );
  const driver = await new Person(place.server).login('+491713920002', 'driver-of-the-test');
  await driver.post(`/bays/${place.bay}/help`);
  const pressed = Date.now();
  const [alarm] = await eventually(
    () => platform.alarms,
    (seen) => seen.length > 0,
    'the police know',
  );
  await eventually(
    () => office.requests.map(({ body }) => JSON.parse(body).kind),
    (kinds) => kinds.includes('panic_button'),
    'the office knows',
  );
  assert.ok(Date.now() - pressed < 5000, 'at once');
  assert.equal(alarm.AlarmPriority, '1');
  assert.match(alarm.AlarmDescription, /A-1/);
  const panic = ({ body }) => body.items.find(({ kind }) => kind === 'panic_button');
  const listed = await eventually(() => place.staff.get(`/sites/${place.site}/incidents`), panic, 'the list has it');
  const { incident } = panic(listed);
  await delivered(place, incident, 'police_desk');
  await place.staff.post(`/incidents/${incident}/close`);
  await eventually(
    () => platform.alarms,
    (seen) => seen.some(({ AlarmPriority }) => AlarmPriority === '4'),
    'the all-clear',
  );
  assert.deepEqual(platform.complaints, []);
});
