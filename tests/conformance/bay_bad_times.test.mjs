// bayward-bay when things go wrong: the central system gone and back, a wrong clock, kill -9 in the middle of a transaction,
// a full or damaged disk, a hung program, a configuration with mistakes.
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { directory, programs, root, run, smallDisk } from '../e2e/program.mjs';
import { Bay, bayProgram, Central, configuration } from './bay_station.mjs';

const preload = path.join(programs, 'wrong_clock.so');

const quickRedial = async (central) => {
  const set = (variable, attributeValue) => ({ component: { name: 'OCPPCommCtrlr' }, variable: { name: variable }, attributeValue });
  const { setVariableResult } = await central.call('SetVariables', {
    setVariableData: [set('RetryBackOffWaitMinimum', '1'), set('RetryBackOffRandomRange', '0'), set('RetryBackOffRepeatTimes', '0')],
  });
  assert.ok(setVariableResult.every((one) => one.attributeStatus === 'Accepted'));
};

async function charging(t, central, bay) {
  await central.told('BootNotification');
  await quickRedial(central);
  bay.act('car in', 'plug in', 'card 04A1B2C3');
  const started = await central.told('TransactionEvent', (p) => p.eventType === 'Started');
  await central.told('TransactionEvent', (p) => p.transactionInfo.chargingState === 'Charging');
  return started.transactionInfo.transactionId;
}

test('the central system goes and comes back: what happened meanwhile arrives in order, once', async (t) => {
  const dataDir = await directory(t);
  const first = await Central.start(t);
  const bay = await Bay.start(t, dataDir, first.port);
  const id = await charging(t, first, bay);
  await first.stop();
  await bay.says('bay.central_lost');
  bay.act('ask off');
  await bay.says('simulated.contactor', (line) => line.closed === false);
  bay.act('press stop');
  await bay.says('bay.transaction_ended');
  bay.act('plug out', 'car out');

  const second = await Central.start(t, { port: first.port });
  const event = (fits) => second.told('TransactionEvent', fits);
  const ended = await event((p) => p.eventType === 'Ended');
  assert.equal(ended.transactionInfo.transactionId, id);
  assert.equal(ended.offline, true);
  assert.equal(ended.transactionInfo.stoppedReason, 'Local');
  const before = second.messages.filter((one) => one.method === 'TransactionEvent').map((one) => one.params.seqNo);
  assert.deepEqual(before, [...before].sort((a, b) => a - b));
  assert.equal(ended.seqNo, before.at(-1) + 1);
  assert.equal(second.messages.filter((one) => one.method === 'BootNotification').length, 0);
  await second.told('NotifyEvent', (p) => p.eventData[0].actualValue === 'false');
  second.assertStrict();
});

test('offline, the local list opens the bay to whom it names and to nobody else', async (t) => {
  const dataDir = await directory(t);
  const central = await Central.start(t);
  const bay = await Bay.start(t, dataDir, central.port);
  await central.told('BootNotification');
  await quickRedial(central);
  const entry = (idToken, minutes) => ({
    idToken: { idToken, type: 'ISO14443' },
    idTokenInfo: { status: 'Accepted', ...(minutes && { cacheExpiryDateTime: new Date(Date.now() + minutes * 60_000).toISOString() }) },
  });
  const localAuthorizationList = [entry('HOLDER', 60), entry('LATER', 180), entry('GONE', -1)];
  const list = { versionNumber: 5, updateType: 'Full', localAuthorizationList };
  assert.equal((await central.call('SendLocalList', list)).status, 'Accepted');
  assert.equal((await central.call('GetLocalListVersion')).versionNumber, 5);
  await bay.kill(); // the list survives
  await central.stop();
  const again = await Bay.start(t, dataDir, central.port);
  again.act('car in', 'plug in', 'card STRANGER');
  await again.says('bay.identity_refused');
  again.act('card GONE');
  await again.says('bay.identity_refused');
  again.act('card LATER');
  await again.says('bay.identity_refused');
  again.act('card HOLDER');
  await again.says('simulated.contactor', (line) => line.closed === true);
});

const noPreload = /(a|t)san$/.test(programs) ? 'a sanitizer must be the first thing loaded' : !existsSync(preload) && `${preload} is not built`;
const entryOf = (idToken, fromMinutes, untilMinutes) => {
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
  return {
    idToken: { idToken, type: 'ISO14443' },
    idTokenInfo: { status: 'Accepted', ...(untilMinutes && { cacheExpiryDateTime: at(untilMinutes) }) },
    ...(fromMinutes !== null && { customData: { vendorId: 'bayward', notBefore: at(fromMinutes) } }),
  };
};

test('A4: offline, each holder of the list is served in the own slots, and not before them', async (t) => {
  const dataDir = await directory(t);
  const central = await Central.start(t);
  const bay = await Bay.start(t, dataDir, central.port);
  await central.told('BootNotification');
  const localAuthorizationList = [entryOf('EARLY', 60, 120), entryOf('OVER', -120, -60), entryOf('NOW', -30, 30)];
  assert.equal((await central.call('SendLocalList', { versionNumber: 5, updateType: 'Full', localAuthorizationList })).status, 'Accepted');
  await bay.kill();
  await central.stop();
  const again = await Bay.start(t, dataDir, central.port);
  again.act('car in', 'plug in');
  for (const other of ['EARLY', 'OVER', 'STRANGER']) {
    again.act(`card ${other}`);
    await again.says('bay.identity_refused');
  }
  again.act('card NOW');
  await again.says('simulated.contactor', (line) => line.closed === true);
  central.assertStrict();
});

for (const [name, years] of [['behind', -1], ['ahead', 1]]) {
  test(`a clock that is a year ${name} at boot, and nobody to ask: no right that ends is taken for a live one; owners charge`, { skip: noPreload }, async (t) => {
    const dataDir = await directory(t);
    const central = await Central.start(t);
    const bay = await Bay.start(t, dataDir, central.port);
    await central.told('BootNotification');
    const localAuthorizationList = [entryOf('HOLDER', -30, 30), entryOf('LASTYEAR', -30 - 365 * 1440, 30 - 365 * 1440), entryOf('OWNER', null)];
    assert.equal((await central.call('SendLocalList', { versionNumber: 5, updateType: 'Full', localAuthorizationList })).status, 'Accepted');
    await bay.kill();
    const { port } = central;
    await central.stop();
    const wrong = ['env', `LD_PRELOAD=${preload}`, `WRONG_CLOCK_S=${years * 365 * 86_400}`];
    const again = await Bay.start(t, dataDir, port, { wrap: wrong });
    await again.says('bay.clock_not_believed', (line) => line.what_to_do.includes("set this machine's clock"));
    again.act('car in', 'plug in');
    for (const card of ['HOLDER', 'LASTYEAR']) {
      again.act(`card ${card}`);
      await again.says('bay.identity_refused');
    }
    assert.doesNotMatch(again.log, /"closed":true/);
    again.act('card OWNER');
    await again.says('simulated.contactor', (line) => line.closed === true);

    // The central system comes back: what was noted under the wrong clock is told with the right time, once.
    const back = await Central.start(t, { port });
    const started = await back.told('TransactionEvent', (p) => p.eventType === 'Started', 60_000);
    assert.ok(Math.abs(Date.parse(started.timestamp) - Date.now()) < 90_000, started.timestamp);
    await again.says('bay.clock_corrected', (line) => Math.abs(line.seconds + years * 365 * 86_400) < 60);
    back.assertStrict();
  });
}

test('files that are damaged or missing: said by name, and the program does not start half', async (t) => {
  const dataDir = await directory(t);
  const file = path.join(dataDir, 'bay.toml');
  const good = configuration(dataDir, 9);
  const cases = [
    [Buffer.alloc(500), /bay\.toml: line 1/],
    [Buffer.from([0x5b, 0xff, 0xfe, 0x5d]), /bay\.toml: line 1/],
    [good.slice(0, good.indexOf('cable') + 8), /bay\.toml: line \d+/],
    [`${good}\n${good}`, /bay\.toml: line \d+/],
    [`${good}[mesh]\nudp = ["127.0.0.1:0,127.0.0.1:1"]\nal_mac = "02:00:00:00:00:01"\nkey_file = "${dataDir}/mesh.key"\n`, /key file .*mesh\.key' can't be read/],
    [good.replace('ws://', 'wss://').replace('[place]', `trusted_certificates_file = "${dataDir}/ca.pem"\n[place]`), /ca\.pem/],
    [good.replace(`data_directory = "${dataDir}"`, `data_directory = "${file}/data"`), /bay\.toml\/data/],
  ];
  for (const [text, reason] of cases) {
    await writeFile(file, text);
    const ended = await run(bayProgram, ['--config', file], { limit: 20_000 });
    assert.ok(ended.code === 1 || ended.code === 2, `${ended.code} for ${reason}`);
    assert.match(ended.stderr, reason);
  }
  for (const missing of [path.join(dataDir, 'none.toml'), dataDir]) {
    const ended = await run(bayProgram, ['--config', missing], { limit: 20_000 });
    assert.equal(ended.code, 2);
    assert.ok(ended.stderr.includes(missing), ended.stderr);
  }
});

test('kill -9 in the middle of a transaction: it is ended as PowerLoss, after the restart, once', async (t) => {
  const dataDir = await directory(t);
  const central = await Central.start(t);
  const bay = await Bay.start(t, dataDir, central.port);
  const id = await charging(t, central, bay);
  await bay.kill();
  const again = await Bay.start(t, dataDir, central.port);
  again.act('meter 4500'); // the meter has kept its register
  const ended = await central.told('TransactionEvent', (p) => p.eventType === 'Ended');
  assert.equal(ended.transactionInfo.transactionId, id);
  assert.equal(ended.transactionInfo.stoppedReason, 'PowerLoss');
  await again.kill();
  const third = await Bay.start(t, dataDir, central.port);
  await central.told('BootNotification');
  await central.told('StatusNotification');
  await third.kill('SIGTERM');
  assert.equal(central.messages.filter((one) => one.params.eventType === 'Ended').length, 0);
  central.assertStrict();
});

test('a clock that is wrong by a year: what was noted before the boot is told with the right time', async (t) => {
  const dataDir = await directory(t);
  const year = 365 * 86_400_000;
  const boot = { currentTime: new Date(Date.now() + year).toISOString() };
  const early = await Central.start(t, { answers: { BootNotification: () => ({ currentTime: boot.currentTime, interval: 1, status: 'Pending' }) } });
  const { port } = early;
  await early.stop();
  const bay = await Bay.start(t, dataDir, port);
  bay.act('press panic'); // noted under the wrong clock
  await bay.says('bay.panic');
  const central = await Central.start(t, { port, boot });
  const event = await central.told('NotifyEvent', (p) => p.eventData[0].component.name === 'UIInput');
  const off = Math.abs(Date.parse(event.eventData[0].timestamp) - Date.parse(boot.currentTime));
  assert.ok(off < 60_000, event.eventData[0].timestamp);
  await bay.says('bay.clock_corrected');
  central.assertStrict();
});

test('pending, then accepted: nothing but the boot is told before', async (t) => {
  const dataDir = await directory(t);
  let asked = 0;
  const now = () => new Date().toISOString();
  const BootNotification = () => ({ currentTime: now(), interval: 1, status: ++asked < 2 ? 'Pending' : 'Accepted' });
  const central = await Central.start(t, { answers: { BootNotification } });
  const bay = await Bay.start(t, dataDir, central.port);
  bay.act('press panic');
  await central.told('NotifyEvent', (p) => p.eventData[0].component.name === 'UIInput');
  const methods = central.messages.map((one) => one.method);
  assert.equal(asked, 2);
  assert.deepEqual(methods.slice(0, 2), ['BootNotification', 'BootNotification']);
  central.assertStrict();
});

test('a store that is damaged is put aside, and the bay works', async (t) => {
  const dataDir = await directory(t);
  await writeFile(path.join(dataDir, 'bay.db'), 'this is no database, and long enough to be taken for one'.repeat(50));
  const central = await Central.start(t);
  const bay = await Bay.start(t, dataDir, central.port);
  await central.told('BootNotification');
  assert.match(bay.log, /bay\.store_replaced/);
  assert.match(await readFile(path.join(dataDir, 'bay.db.damaged'), 'utf8'), /no database/);
});

test('a full disk: charging and safety go on, nothing that is told is lost while the program lives', async (t) => {
  const small = await smallDisk(t, '256k');
  if (!small) return;
  const central = await Central.start(t);
  const bay = await Bay.start(t, small, central.port);
  await central.told('BootNotification');
  await writeFile(path.join(small, 'filler'), Buffer.alloc(256 * 1024)).catch(() => {});
  bay.act('car in', 'plug in', 'card 04A1B2C3');
  const started = await central.told('TransactionEvent', (p) => p.eventType === 'Started');
  await central.told('TransactionEvent', (p) => p.transactionInfo.chargingState === 'Charging');
  await bay.says('bay.store_failed');
  bay.act('set residual_dc 7000');
  await bay.says('simulated.contactor', (line) => line.closed === false);
  const ended = await central.told('TransactionEvent', (p) => p.eventType === 'Ended');
  assert.equal(ended.transactionInfo.transactionId, started.transactionInfo.transactionId);
  assert.equal(ended.transactionInfo.stoppedReason, 'GroundFault');
  central.assertStrict();
});

test('a disk that is full at the start: no car is charged, an alarm is told all the same, and with room it begins anew', async (t) => {
  const small = await smallDisk(t, '2m');
  if (!small) return;
  const file = path.join(path.dirname(small), 'bay.toml');
  const central = await Central.start(t);
  await writeFile(file, configuration(small, central.port));
  await writeFile(path.join(small, 'filler'), Buffer.alloc(4 << 20)).catch(() => {});
  const bay = await Bay.startWith(t, file);
  assert.match(bay.log, /"bay\.without_memory".*make room in /);
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Unavailable');
  bay.act('car in', 'plug in', 'card 04A1B2C3');
  assert.match((await bay.says('bay.identity_refused')).why, /out of service/);
  const idToken = { idToken: 'BW1', type: 'Central' };
  assert.equal((await central.call('RequestStartTransaction', { evseId: 1, remoteStartId: 1, idToken })).status, 'Rejected');
  assert.equal((await central.call('ChangeAvailability', { operationalStatus: 'Operative' })).status, 'Rejected');
  bay.act('set smoke 1');
  await central.told('NotifyEvent', (p) => p.eventData[0].component.name === 'FireSensor');
  assert.doesNotMatch(bay.log, /"simulated\.contactor".*"closed":true/);
  await rm(path.join(small, 'filler'));
  assert.equal((await bay.ended).code, 75, 'it asks to be started again');
  const again = await Bay.startWith(t, file);
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Available');
  assert.doesNotMatch(again.log, /without_memory/);
  central.assertStrict();
});

test('out of service by the central system: a card starts nothing', async (t) => {
  const central = await Central.start(t);
  const bay = await Bay.start(t, await directory(t), central.port);
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Available');
  assert.equal((await central.call('ChangeAvailability', { operationalStatus: 'Inoperative' })).status, 'Accepted');
  bay.act('car in', 'plug in', 'card 04A1B2C3');
  assert.match((await bay.says('bay.identity_refused')).why, /out of service/);
  assert.doesNotMatch(bay.log, /"simulated\.contactor".*"closed":true/);
});

test('a program that hung has lost its permission when it goes on', async (t) => {
  const dataDir = await directory(t);
  const central = await Central.start(t);
  const bay = await Bay.start(t, dataDir, central.port);
  await charging(t, central, bay);
  await bay.says('simulated.contactor', (line) => line.closed === true);
  bay.child.kill('SIGSTOP');
  await run('sleep', ['1']);
  bay.child.kill('SIGCONT');
  await bay.says('simulated.contactor', (line) => line.closed === false && line.why === 'watchdog');
  await bay.says('bay.fault', (line) => line.fault === 'agent_stalled');
});

test('a reset by the central system ends the transaction, tells it, and asks to be started again', async (t) => {
  const dataDir = await directory(t);
  const central = await Central.start(t);
  const bay = await Bay.start(t, dataDir, central.port);
  await charging(t, central, bay);
  assert.equal((await central.call('Reset', { type: 'Immediate' })).status, 'Accepted');
  const ended = await central.told('TransactionEvent', (p) => p.eventType === 'Ended');
  assert.equal(ended.transactionInfo.stoppedReason, 'ImmediateReset');
  assert.equal((await bay.ended).code, 75);
});

test('mistakes in the configuration are named with their line, and the program does not start', async (t) => {
  const dataDir = await directory(t);
  const file = path.join(dataDir, 'bay.toml');
  const good = configuration(dataDir, 9);
  const cases = [
    [good.replace('"pvc"', '"paper"'), /line \d+: bay\.cable: "paper"/],
    [good.replace('rating_a = 32', 'rating_a = 500'), /bay\.rating_a: 6 to 80 is expected/],
    [good.replace('ws://', 'http://'), /station\.central: the address of the central system is expected/],
    [good.replace('BAY-1', 'BAY 1'), /station\.identity/],
    [good.replace('label', 'lable'), /place\.lable: unknown key/],
    [good.replace('[place]', '[plaec]'), /\[plaec\]: unknown section/],
    [good.replace('"simulated"', '"modbus"'), /nothing measures current_l1/],
    [good.replace('[bay]', '[bay'), /line \d+:/],
    ['', /station\.identity/],
  ];
  for (const [text, expected] of cases) {
    await writeFile(file, text);
    const ended = await run(bayProgram, ['check-config', '--config', file]);
    assert.equal(ended.code, 2, text);
    assert.match(ended.stderr, expected);
  }
  await writeFile(file, good);
  assert.equal((await run(bayProgram, ['check-config', '--config', file])).code, 0);
  const packaged = path.join(root, 'packaging/bay/bay.toml');
  assert.equal((await run(bayProgram, ['check-config', '--config', packaged])).code, 0);
});
