// Logs that staff asks a station for: the station uploads them to a URL of its own, once, and staff fetches them.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, Server } from '../e2e/program.mjs';
import { Charger, chargingSite } from './charging_site.mjs';

const boots = {
  'ocpp1.6': { chargePointVendor: 'Other', chargePointModel: 'Judge' },
  'ocpp2.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } },
};
const answers = {
  GetDiagnostics: { fileName: 'diagnostics.zip' },
  GetLog: { status: 'Accepted', filename: 'log.zip' },
  SetVariables: ({ setVariableData }) => ({
    setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })),
  }),
};

async function place(t, protocol) {
  const file = path.join(await directory(t), 'server.toml');
  await writeFile(file, '[ocpp]\nupload_url = "https://csms.example.org"\n');
  const site = await chargingSite(t, 'CS-LOG', ['--config', file]);
  site.args = ['--config', file];
  const charger = await Charger.connect(t, site, 'CS-LOG', protocol, { answers });
  await charger.call('BootNotification', boots[protocol]);
  // Our test stands where the proxy of a real site would.
  const here = (url) => url.replace('https://csms.example.org', site.server.url);
  return { site, charger, station: `/stations/${site.station}`, here };
}
const fetched = (site, upload) =>
  fetch(`${site.server.url}/api/v1${upload}`, { headers: { authorization: `Bearer ${site.staff.token}` } });

for (const protocol of Object.keys(boots)) {
  test(`${protocol}: a log is asked for, uploaded once and fetched on record`, async (t) => {
    const { site, charger, station, here } = await place(t, protocol);
    const told = await site.staff.post(`${station}/orders`, { order: 'fetch_log', from: '2026-01-01T00:00:00Z' });
    assert.equal(told.outcome, 'answered');
    const asked = protocol === 'ocpp1.6' ? await charger.asked('GetDiagnostics') : await charger.asked('GetLog');
    const url = asked.location ?? asked.log.remoteLocation;
    assert.match(url, /^https:\/\/csms\.example\.org\/uploads\/\S{20,}$/);
    const waiting = (await site.staff.get(`${station}/uploads`)).body.items;
    assert.deepEqual(waiting.map(({ log, received_at: at }) => [log, at]), [['diagnostics', null]]);

    // Far beyond what the API takes elsewhere.
    const content = Buffer.alloc(3_000_000, protocol);
    const sent = { method: protocol === 'ocpp1.6' ? 'PUT' : 'POST', body: content };
    assert.equal((await fetch(here(`${url}/log.zip`), sent)).status, 201);
    assert.equal((await fetch(here(`${url}/log.zip`), { ...sent, body: 'again' })).status, 404);
    const [kept] = (await site.staff.get(`${station}/uploads`)).body.items;
    assert.equal(kept.bytes, content.length);
    assert.ok(kept.received_at);

    const answer = await fetched(site, `${station}/uploads/${kept.upload}`);
    assert.equal(answer.status, 200);
    assert.ok(content.equals(Buffer.from(await answer.arrayBuffer())));
    assert.equal((await fetched(site, `${station}/uploads/99`)).status, 404);
    const events = (await site.staff.get(`${station}/security-events?limit=50`)).body.items;
    assert.ok(events.some(({ type, detail }) => type === 'UploadRead' && detail.includes(`upload ${kept.upload}`)));
    assert.equal((await site.driver.call('GET', `${station}/uploads/${kept.upload}`)).status, 403);
    charger.assertStrict();
  });
}

test('a station may come with its log after the server has been killed and started again', async (t) => {
  const { site, station, charger, here } = await place(t, 'ocpp1.6');
  await site.staff.post(`${station}/orders`, { order: 'fetch_log' });
  const { location } = await charger.asked('GetDiagnostics');
  await site.server.kill();
  site.server = await Server.start(t, site.dataDir, site.args, site.server.port);
  site.staff.server = site.server;
  const [waiting] = (await site.staff.get(`${station}/uploads`)).body.items;
  assert.equal(waiting.received_at, null);
  assert.equal((await fetch(here(location), { method: 'PUT', body: 'the log' })).status, 201);
  const [kept] = (await site.staff.get(`${station}/uploads`)).body.items;
  assert.equal(await (await fetched(site, `${station}/uploads/${kept.upload}`)).text(), 'the log');
  assert.equal((await fetch(here(location), { method: 'PUT', body: 'again' })).status, 404);
});

test('a long body is taken only for what was asked for, and within its bound', async (t) => {
  const { site, charger, station, here } = await place(t, 'ocpp2.1');
  const longer = { method: 'PUT', body: Buffer.alloc(1_000_000) };
  const refused = async (url) => fetch(here(url), longer).then(({ status }) => status, () => 'cut');
  assert.ok([413, 'cut'].includes(await refused('https://csms.example.org/uploads/guessed')));
  assert.equal((await fetch(here('https://csms.example.org/uploads/guessed'), { method: 'PUT', body: 'x' })).status, 404);
  await site.staff.post(`${station}/orders`, { order: 'fetch_log', security: true });
  const { log, logType } = await charger.asked('GetLog');
  assert.equal(logType, 'SecurityLog');
  longer.body = Buffer.alloc(16 * 1024 * 1024 + 1);
  assert.ok([413, 'cut'].includes(await refused(log.remoteLocation)));
  assert.equal((await fetch(here(log.remoteLocation), { method: 'PUT', body: 'shorter' })).status, 201);
});

test('without upload_url nothing can be asked for, and the answer says what to do', async (t) => {
  const site = await chargingSite(t, 'CS-NONE');
  const told = await site.staff.call('POST', `/stations/${site.station}/orders`, { order: 'fetch_log' });
  assert.equal(told.status, 400);
  assert.match(told.body.detail, /upload_url/);
});
