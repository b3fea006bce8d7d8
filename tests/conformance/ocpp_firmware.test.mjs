// A firmware campaign with chargers that are not ours: signed by a program that is not ours, brought to stations of four
// kinds in stages, paused by one that fails, carried through a kill of the server, resumed and ended.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, run, Server, serverProgram } from '../e2e/program.mjs';
import { Charger, chargingSite, eventually } from './charging_site.mjs';

const boot16 = { chargePointVendor: 'Other', chargePointModel: 'Judge', firmwareVersion: '1.0' };
const boot2 = { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge', firmwareVersion: '1.0' } };
const setVariables = ({ setVariableData }) => ({
  setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })),
});
const answers = { SetVariables: setVariables, UpdateFirmware: { status: 'Accepted' }, SignedUpdateFirmware: { status: 'Accepted' } };
const boots = { 'ocpp1.6': boot16, 'ocpp2.0.1': boot2, 'ocpp2.1': boot2 };

async function openssl(...args) {
  const made = await run('openssl', args);
  assert.equal(made.code, 0, made.stderr);
}

// An image, its signature as OpenSSL writes it, and the certificate of the key.
async function signedImage(t) {
  const dir = await directory(t);
  const file = (name) => path.join(dir, name);
  const content = Buffer.alloc(3_000_000, 'firmware of the maker ');
  await writeFile(file('pile-2.0.bin'), content);
  await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=Maker', '-keyout', file('key.pem'), '-out', file('maker.pem'));
  await openssl('dgst', '-sha256', '-sign', file('key.pem'), '-out', file('signature'), file('pile-2.0.bin'));
  return { dir, file, content, signature: (await readFile(file('signature'))).toString('base64'), certificate: await readFile(file('maker.pem'), 'utf8') };
}

async function siteOf(t, stations) {
  const dir = await directory(t);
  const config = path.join(dir, 'server.toml');
  await writeFile(config, '[ocpp]\nupload_url = "https://csms.example.org"\nsettings_spread_s = 1\n');
  const [[first, protocol], ...others] = Object.entries(stations);
  const place = await chargingSite(t, first, ['--config', config]);
  place.args = ['--config', config];
  place.dir = dir;
  place.passwords = { [first]: place.password };
  place.ids = { [first]: place.station };
  for (const [identity] of others) {
    const made = await place.staff.post(`/sites/${place.site}/stations`, { identity });
    place.passwords[identity] = made.password;
    place.ids[identity] = made.station;
  }
  place.connect = async (identity, version, how = answers) => {
    const charger = await Charger.connect(t, place, identity, version, { password: place.passwords[identity], answers: how });
    await charger.call('BootNotification', boots[version]);
    return charger;
  };
  place.chargers = { [first]: await place.connect(first, protocol) };
  for (const [identity, version] of others) place.chargers[identity] = await place.connect(identity, version);
  // Our test stands where the proxy of a real site would.
  place.here = (url) => url.replace('https://csms.example.org', place.server.url);
  return place;
}

const shell = async (place, ...args) => {
  const token = path.join(place.dir, 'token');
  await writeFile(token, `${place.staff.token}\n`);
  return run(serverProgram, ['stations', ...args, '--server', place.server.url, '--token-file', token]);
};
const shown = async (place, number) => (await place.staff.get(`/firmware-campaigns/${number}`)).body;
const until = (place, number, good, what) => eventually(() => shown(place, number), good, what);
const step = (campaign, identity) => campaign.stations.find((one) => one.identity === identity).step;

// What the charger was asked, in the words of any version.
async function askedFor(charger, action) {
  const asked = await charger.asked(action);
  return { request: asked.requestId, location: asked.location ?? asked.firmware.location, ...asked.firmware };
}
const tell = (charger, version, status, requestId) =>
  charger.call(version === 'ocpp1.6' ? 'SignedFirmwareStatusNotification' : 'FirmwareStatusNotification', { status, requestId });

test('a signed campaign goes through its stages, pauses when a station fails, and outlives a kill of the server', { timeout: 120_000 }, async (t) => {
  const versions = { 'CS-A': 'ocpp2.0.1', 'CS-B': 'ocpp1.6', 'CS-C': 'ocpp2.1', 'CS-D': 'ocpp2.0.1' };
  const place = await siteOf(t, versions);
  const { chargers } = place;
  const image = await signedImage(t);

  // Nothing that the maker hasn't signed is begun.
  await writeFile(image.file('other.bin'), 'not what was signed');
  const wrong = await shell(place, 'upload-image', image.file('other.bin'), '--signature', image.file('signature'), '--certificate', image.file('maker.pem'));
  assert.equal(wrong.code, 0, wrong.stderr);
  const plan = { name: 'Spring', group: { vendor: 'other' }, stages: [{ stations: 1 }, { stations: 2 }, { percent: 100 }], tries: 1, try_pause_s: 1 };
  const refused = await place.staff.call('POST', '/firmware-campaigns', { ...plan, image: JSON.parse(wrong.stdout).image });
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /signature does not fit/);

  const uploaded = await shell(place, 'upload-image', image.file('pile-2.0.bin'), '--signature', image.file('signature'), '--certificate', image.file('maker.pem'), '--version', '2.0');
  assert.equal(uploaded.code, 0, uploaded.stderr);
  const begun = await shell(place, 'begin-campaign', JSON.stringify({ ...plan, image: JSON.parse(uploaded.stdout).image }));
  assert.equal(begun.code, 0, begun.stderr);
  const { campaign: number, stations } = JSON.parse(begun.stdout);
  assert.deepEqual(stations.map(({ identity, stage }) => [identity, stage]), [['CS-A', 1], ['CS-B', 2], ['CS-C', 3], ['CS-D', 3]]);

  // Stage 1: one station, which loads what was signed.
  const first = await askedFor(chargers['CS-A'], 'UpdateFirmware');
  assert.equal(first.signature, image.signature);
  assert.equal(first.signingCertificate, image.certificate);
  const loaded = await fetch(place.here(first.location));
  assert.equal(loaded.status, 200);
  assert.ok(image.content.equals(Buffer.from(await loaded.arrayBuffer())));
  assert.match(first.location, /\/pile-2\.0\.bin$/);
  for (const status of ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing']) await tell(chargers['CS-A'], 'ocpp2.0.1', status, first.request);
  await until(place, number, (now) => now.stations[0].word === 'Installing', 'its progress is shown');
  assert.equal(chargers['CS-B'].came.get('SignedUpdateFirmware'), undefined, 'the second stage waits for the first');
  await tell(chargers['CS-A'], 'ocpp2.0.1', 'Installed', first.request);

  // Stage 2: a station of 1.6 with the security extension; it fails.
  const second = await askedFor(chargers['CS-B'], 'SignedUpdateFirmware');
  assert.equal(second.signature, image.signature);
  await tell(chargers['CS-B'], 'ocpp1.6', 'InstallationFailed', second.request);
  const paused = await until(place, number, (now) => now.phase === 'paused', 'it pauses itself');
  assert.equal(paused.why, 'stage 2: 1 of 1 stations failed, more than 0 %');
  assert.deepEqual([paused.stations_by_step.installed, paused.stations_by_step.failed, paused.stations_by_step.waiting], [1, 1, 2]);

  // The server is killed and comes back: all of it is still there.
  await place.server.kill();
  place.server = await Server.start(t, place.dataDir, place.args, place.server.port);
  place.staff.server = place.server;
  const after = await shown(place, number);
  assert.deepEqual({ ...after }, { ...paused });
  for (const [identity, version] of Object.entries(versions)) chargers[identity] = await place.connect(identity, version);
  const resumed = await shell(place, 'order-campaign', String(number), '{"order":"resume","retry_failed":true}');
  assert.equal(resumed.code, 0, resumed.stderr);
  const again = await askedFor(chargers['CS-B'], 'SignedUpdateFirmware');
  assert.notEqual(again.request, second.request);
  await tell(chargers['CS-B'], 'ocpp1.6', 'Downloading', again.request);

  // Killed while a station is at work: it isn't asked anew, and what it says then counts.
  await until(place, number, (now) => now.stations[1].word === 'Downloading', 'it is at work');
  await place.server.kill();
  place.server = await Server.start(t, place.dataDir, place.args, place.server.port);
  place.staff.server = place.server;
  for (const [identity, version] of Object.entries(versions)) chargers[identity] = await place.connect(identity, version);
  await tell(chargers['CS-B'], 'ocpp1.6', 'Installed', again.request);

  // Stage 3: both at the same time; one tells its end only by booting with the new version.
  const third = await askedFor(chargers['CS-C'], 'UpdateFirmware');
  assert.equal(chargers['CS-B'].came.get('SignedUpdateFirmware'), undefined);
  await tell(chargers['CS-C'], 'ocpp2.1', 'Installed', third.request);
  await askedFor(chargers['CS-D'], 'UpdateFirmware');
  await chargers['CS-D'].call('BootNotification', { ...boot2, chargingStation: { ...boot2.chargingStation, firmwareVersion: '2.0' } });
  const done = await until(place, number, (now) => now.phase === 'done', 'it ends');
  assert.equal(done.stations_by_step.installed, 4);
  for (const identity of Object.keys(versions)) assert.equal(step(done, identity), 'installed');

  const events = (await place.staff.get('/security-events?limit=100')).body.items.map(({ type }) => type);
  for (const type of ['FirmwareAdded', 'CampaignBegun', 'CampaignPaused', 'CampaignResumed', 'CampaignEnded', 'FirmwareInstalled', 'FirmwareFailed']) {
    assert.ok(events.includes(type), `${type} is in the audit log`);
  }
  for (const charger of Object.values(chargers)) charger.assertStrict();
  assert.equal((await place.driver.call('GET', '/firmware-campaigns')).status, 403);
});

test('a station of 1.6 without the security extension gets the plain update when that is allowed', { timeout: 60_000 }, async (t) => {
  const place = await siteOf(t, { 'CS-OLD': 'ocpp1.6' });
  const charger = place.chargers['CS-OLD'];
  charger.answers.UpdateFirmware = {};
  const { campaign } = await place.staff.post('/firmware-campaigns', {
    name: 'Old', location: 'https://maker.example/old.bin', group: { stations: [place.station] }, unsigned_allowed: true,
  });
  const asked = await charger.asked('UpdateFirmware');
  assert.equal(asked.location, 'https://maker.example/old.bin');
  for (const status of ['Downloading', 'Downloaded', 'Installing', 'Installed']) await charger.call('FirmwareStatusNotification', { status });
  await until(place, campaign, (now) => now.phase === 'done', 'it ends');
  charger.assertStrict();
});

test('a set of settings is compared with what a station reports, set where it differs, and shown', { timeout: 60_000 }, async (t) => {
  const place = await siteOf(t, { 'CS-S2': 'ocpp2.0.1', 'CS-S16': 'ocpp1.6' });
  const [two, old] = [place.chargers['CS-S2'], place.chargers['CS-S16']];
  const values = { 'SampledDataCtrlr.Interval': '60', 'X.ReadOnly': '1' };
  const named = ({ component, variable }) => `${component.name}.${variable.name}`;
  two.answers.GetVariables = ({ getVariableData }) => ({
    getVariableResult: getVariableData.map((one) => {
      const known = named(one) in values;
      return { attributeStatus: known ? 'Accepted' : 'UnknownVariable', ...(known && { attributeValue: values[named(one)] }), ...one };
    }),
  });
  two.answers.SetVariables = ({ setVariableData }) => ({
    setVariableResult: setVariableData.map(({ attributeValue, ...one }) => {
      if (named(one) === 'X.ReadOnly') return { attributeStatus: 'Rejected', ...one };
      values[named(one)] = attributeValue;
      return { attributeStatus: 'Accepted', ...one };
    }),
  });
  old.answers.GetConfiguration = ({ key }) => ({ configurationKey: key.map((one) => ({ key: one, readonly: false, value: '60' })) });
  old.answers.ChangeConfiguration = { status: 'RebootRequired' };
  const made = await shell(place, 'add-set', JSON.stringify({
    name: 'Meter', group: { vendor: 'Other', model: 'Judge' },
    settings: [{ variable: 'SampledDataCtrlr.Interval', key: 'MeterValueSampleInterval', value: '900' }, { variable: 'X.ReadOnly', value: '2' }, { variable: 'X.Nothing', value: '3' }],
  }));
  assert.equal(made.code, 0, made.stderr);
  const { set } = JSON.parse(made.stdout);
  const standing = async () => (await place.staff.get(`/setting-sets/${set}`)).body.stations;
  const compared = await eventually(standing, (stations) => stations.length === 2 && stations.every((one) => one.compared_at), 'both are compared');
  const of = (identity) => Object.fromEntries(compared.find((one) => one.identity === identity).settings.map(({ name, status, reported }) => [name, [status, reported]]));
  assert.deepEqual(of('CS-S2'), { 'SampledDataCtrlr.Interval': ['Accepted', '900'], 'X.Nothing': ['UnknownVariable', null], 'X.ReadOnly': ['Rejected', '1'] });
  assert.deepEqual(of('CS-S16'), { MeterValueSampleInterval: ['RebootRequired', '60'] });

  // At the next boot it is in step where it took the value, and is set anew where somebody has changed it.
  values['SampledDataCtrlr.Interval'] = '30';
  await two.call('BootNotification', boot2);
  await eventually(async () => values['SampledDataCtrlr.Interval'], (value) => value === '900', 'it is set again after a boot');
  two.assertStrict();
  old.assertStrict();
});
