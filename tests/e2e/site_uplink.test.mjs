// Chargers that are not ours (npm ocpp-rpc, strict) behind the real site controller, in front of the real server: the
// whole journey passes through; with the server killed the site answers, keeps and tells later; with the site killed
// nothing acknowledged is lost. Every time the bill is exactly the energy of the registers, once.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { assertBilled, bookNow, card, Charger, chargingSite, eventually, sessionOf } from '../conformance/charging_site.mjs';
import { directory, run, Server } from './program.mjs';
import { Site, siteConfig, siteProgram } from './site_program.mjs';

const now = () => new Date().toISOString();
const boot16 = { chargePointVendor: 'Other', chargePointModel: 'Judge' };
const boot201 = { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } };
const occupied = (is) => ({
  vendorId: 'org.bayward',
  messageId: 'BayOccupancy',
  data: JSON.stringify({ connectorId: 1, occupied: is, timestamp: now() }),
});
const event = (eventType, seqNo, id, wh, more) => ({
  eventType,
  seqNo,
  timestamp: now(),
  triggerReason: 'Authorized',
  transactionInfo: { transactionId: id },
  evse: { id: 1, connectorId: 1 },
  meterValue: [{ timestamp: now(), sampledValue: [{ value: wh, measurand: 'Energy.Active.Import.Register' }] }],
  ...more,
});

// A server, a site in front of it, and what a charger needs to connect to the site.
async function garage(t, identity) {
  const place = await chargingSite(t, identity);
  const dir = await directory(t);
  const upstream = `ws://127.0.0.1:${place.server.port}/ocpp`;
  const config = await siteConfig(dir, upstream);
  const site = await Site.start(t, config);
  return { ...place, dir, config, site, atSite: { ...place, server: site } };
}

// The same server on the same port, as after a crash.
async function restartServer(t, place) {
  const server = await Server.start(t, place.dataDir, [], place.server.port);
  for (const person of [place.staff, place.driver]) person.server = server;
  place.server = server;
}

const line = async (site, identity) => (await site.health()).stations.find(({ station }) => station === identity);
const passing = (site, identity) =>
  eventually(
    () => line(site, identity),
    (one) => one?.mode === 'passing' && one.waiting === 0,
    'everything is told and the platform answers again',
    30_000,
  );

test('OCPP 1.6: a journey passes through the site, reservation down and bill up', async (t) => {
  const place = await garage(t, 'CP-A');
  const charger = await Charger.connect(t, place.atSite, 'CP-A', 'ocpp1.6');
  assert.equal((await charger.call('BootNotification', boot16)).status, 'Accepted');
  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  await charger.call('DataTransfer', occupied(true));
  const started = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: reservation.idTag,
    meterStart: 1_000,
    reservationId: reservation.reservationId,
    timestamp: now(),
  });
  assert.equal(started.idTagInfo.status, 'Accepted');
  assert.ok(started.transactionId < 1_000_000, 'the platform gave the number');
  const session = await sessionOf(place, booking);
  await place.driver.post(`/sessions/${session.id}/stop`);
  assert.equal((await charger.asked('RemoteStopTransaction')).transactionId, started.transactionId);
  await charger.call('StopTransaction', { transactionId: started.transactionId, meterStop: 8_000, timestamp: now() });
  await charger.call('DataTransfer', occupied(false));
  await assertBilled(place, booking, 7_000);
  charger.assertStrict();
  const metrics = await place.site.metrics();
  assert.match(metrics, /^bayward_site_calls_answered_total 0$/m);
});

test('OCPP 1.6: the server is killed before and during a transaction; it is billed once when it is back', async (t) => {
  const place = await garage(t, 'CP-B');
  const charger = await Charger.connect(t, place.atSite, 'CP-B', 'ocpp1.6');
  await charger.call('BootNotification', boot16);
  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  await eventually(() => line(place.site, 'CP-B'), (one) => one.connected, 'the station is there');
  await place.server.kill();

  assert.ok((await charger.call('Heartbeat')).currentTime);
  assert.equal((await charger.call('Authorize', { idTag: reservation.idTag })).idTagInfo.status, 'Accepted');
  assert.notEqual((await charger.call('Authorize', { idTag: 'STRANGER' })).idTagInfo.status, 'Accepted');
  await charger.call('DataTransfer', occupied(true));
  const started = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: reservation.idTag,
    meterStart: 1_000,
    reservationId: reservation.reservationId,
    timestamp: now(),
  });
  assert.equal(started.idTagInfo.status, 'Accepted');
  assert.ok(started.transactionId >= 2_000_000_000, 'the site gave the number');
  await charger.call('MeterValues', {
    connectorId: 1,
    transactionId: started.transactionId,
    meterValue: [{ timestamp: now(), sampledValue: [{ value: '4500' }] }],
  });
  assert.ok((await line(place.site, 'CP-B')).waiting >= 3);

  // It comes back in the middle of the transaction, and the platform's number is the station's no more than before.
  await restartServer(t, place);
  await passing(place.site, 'CP-B');
  const session = await sessionOf(place, booking);
  assert.equal(session.open, true);
  await place.driver.post(`/sessions/${session.id}/stop`);
  assert.equal((await charger.asked('RemoteStopTransaction')).transactionId, started.transactionId);

  // And goes again before the end.
  await place.server.kill();
  await charger.call('StopTransaction', { transactionId: started.transactionId, meterStop: 13_345, timestamp: now() });
  await charger.call('DataTransfer', occupied(false));
  await restartServer(t, place);
  await passing(place.site, 'CP-B');
  await assertBilled(place, booking, 12_345);
  charger.assertStrict();
});

test('OCPP 2.0.1: charging goes on while the server is away, and the site is killed on top of it', async (t) => {
  const place = await garage(t, 'CS-C');
  const answers = { SetVariables: ({ setVariableData }) => ({
    setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })),
  }) };
  const first = await Charger.connect(t, place.atSite, 'CS-C', 'ocpp2.0.1', { answers });
  await first.call('BootNotification', boot201);
  const booking = await bookNow(place);
  const reservation = await first.asked('ReserveNow');
  const token = { idToken: card, type: 'ISO14443' };
  const shown = await first.call('Authorize', { idToken: token });
  assert.equal(shown.idTokenInfo.status, 'Accepted');
  await place.server.kill();

  const evse = { id: 1, connectorId: 1 };
  const started = await first.call('TransactionEvent', event('Started', 0, 'tx-c', 500, {
    idToken: reservation.idToken, reservationId: reservation.id, evse,
    transactionInfo: { transactionId: 'tx-c', chargingState: 'Charging' },
  }));
  assert.equal(started.idTokenInfo.status, 'Accepted');
  await first.call('TransactionEvent', event('Updated', 1, 'tx-c', 1_500, { triggerReason: 'MeterValueClock' }));
  // kill -9: what was answered is on disk. The station comes back with its password, and is let in without the server.
  await place.site.kill();
  await first.client.close({ force: true }).catch(() => {});
  place.site = await Site.start(t, place.config);
  assert.equal((await fetch(`${place.site.url}/health`)).status, 200);
  await assert.rejects(
    Charger.connect(t, { server: place.site, password: 'wrong-password-1' }, 'CS-C', 'ocpp2.0.1'),
    /401|Unauthorized|Unexpected server response/i,
  );
  const again = await Charger.connect(t, { ...place, server: place.site }, 'CS-C', 'ocpp2.0.1', { answers });
  assert.ok((await line(place.site, 'CS-C')).waiting >= 2);
  await again.call('TransactionEvent', event('Ended', 2, 'tx-c', 9_500, {
    triggerReason: 'EVDeparted', transactionInfo: { transactionId: 'tx-c', stoppedReason: 'EVDisconnected' },
  }));
  await restartServer(t, place);
  await passing(place.site, 'CS-C');
  const session = await sessionOf(place, booking);
  assert.equal(session.open, false);
  await assertBilled(place, booking, 9_000); // the last event said that the car left
  again.assertStrict();
});

test('the platform decides who may connect; without it only whom it knew', async (t) => {
  const place = await garage(t, 'CP-D');
  const knock = (password, server = place.site) =>
    Charger.connect(t, { server, password }, 'CP-D', 'ocpp1.6').then(() => 'in', (error) => error.message);
  assert.match(await knock('wrong-password-1'), /401|Unauthorized|Unexpected/i);
  await place.server.kill();
  assert.match(await knock(place.password), /503|Unavailable|Unexpected/i);
});

test('a configuration that is wrong is said so before anything starts', async (t) => {
  const dir = await directory(t);
  const file = path.join(dir, 'bad.toml');
  const said = async (text) => {
    await writeFile(file, text);
    const { code, stderr } = await run(siteProgram, ['--config', file, 'check-config']);
    assert.equal(code, 2);
    return stderr;
  };
  assert.match(await said('[site]\n'), /upstream\.url: give the platform's address/);
  assert.match(await said('[upstream]\nurl = "http://x"\n'), /upstream\.url: give the platform's address/);
  assert.match(await said('[upstream]\nurl = "ws://x:0/"\n'), /upstream\.url: no such port/);
  assert.match(await said('[upstream]\nurl = "ws://x"\nspeed = 3\n'), /upstream\.speed: unknown key/);
  assert.match(await said('[upstream\n'), /bad\.toml:\d+: /);
  await writeFile(file, '[upstream]\nurl = "wss://platform.example/ocpp"\n');
  const good = await run(siteProgram, ['--config', file, 'check-config']);
  assert.equal(good.code, 0, good.stderr);
  const help = await run(siteProgram, ['--help']);
  assert.match(help.stdout, /check-config/);
});
