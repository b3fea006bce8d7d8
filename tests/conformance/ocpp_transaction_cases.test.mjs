// Cases of OCPP 2.0.1 part 6 in which the station leads: the ways in which transactions start and stop, reservations,
// meter values, events. A charger that is not ours plays them; what counts is our answer and what is in the books.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, run } from '../e2e/program.mjs';
import { bookNow, card, Charger, chargingSite, eventually } from './charging_site.mjs';

const now = () => new Date().toISOString();
const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } };
const setVariables = ({ setVariableData }) => ({
  setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })),
});
const evse = { id: 1, connectorId: 1 };
const holder = { idToken: card, type: 'ISO14443' };
const stranger = { idToken: 'NOBODY', type: 'ISO14443' };

async function booted(t, identity, answers = {}) {
  const place = await chargingSite(t, identity);
  const charger = await Charger.connect(t, place, identity, 'ocpp2.0.1', {
    answers: { SetVariables: setVariables, GetTransactionStatus: { messagesInQueue: false }, ...answers },
  });
  await charger.call('BootNotification', boot);
  return { place, charger };
}

const register = (value, context = 'Sample.Periodic') => [{ timestamp: now(), sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register' }] }];

// One transaction: events of [type, trigger, state, more], numbered from 0.
class Play {
  constructor(charger, id) {
    Object.assign(this, { charger, id, number: 0 });
  }
  tell(eventType, triggerReason, chargingState, { stoppedReason, ...more } = {}) {
    const transactionInfo = { transactionId: this.id, ...(chargingState && { chargingState }), ...(stoppedReason && { stoppedReason }) };
    return this.charger.call('TransactionEvent', { eventType, triggerReason, transactionInfo, seqNo: this.number++, timestamp: now(), evse, ...more });
  }
}

const begin = { meterValue: register(1000, 'Transaction.Begin') };
const end = (stoppedReason, more = {}) => ({ stoppedReason, meterValue: register(3000, 'Transaction.End'), ...more });

test('2.0.1 cases: how transactions start and stop', async (t) => {
  // How it starts and ends; 2 kWh each. TC_E_53_CSMS: every one begins with number 0 again.
  const flows = [
    ['TC_E_01_CSMS TC_E_15_CSMS', [['Started', 'Authorized', 'EVConnected', { ...begin, idToken: holder }], ['Updated', 'ChargingStateChanged', 'Charging'], ['Ended', 'StopAuthorized', 'EVConnected', end('Local', { idToken: holder })]]],
    ['TC_E_02_CSMS TC_E_08_CSMS TC_C_08_CSMS', [['Started', 'ChargingStateChanged', 'Charging', { ...begin, idToken: holder }], ['Ended', 'StopAuthorized', 'EVConnected', end('Local')]]],
    ['TC_E_07_CSMS TC_J_07_CSMS', [['Started', 'CablePluggedIn', 'EVConnected', begin], ['Updated', 'Authorized', 'Charging', { idToken: holder }], ['Ended', 'StopAuthorized', 'EVConnected', end('Local')]]],
    ['TC_E_14_CSMS TC_E_53_CSMS', [['Started', 'Authorized', 'Charging', { ...begin, idToken: holder }], ['Updated', 'StopAuthorized', 'EVConnected'], ['Ended', 'EVCommunicationLost', 'Idle', end('EVDisconnected')]]],
    ['TC_E_20_CSMS', [['Started', 'Authorized', 'Charging', { ...begin, idToken: holder }], ['Ended', 'EVCommunicationLost', 'Idle', end('EVDisconnected')]]],
    ['TC_E_22_CSMS', [['Started', 'Authorized', 'Charging', { ...begin, idToken: holder }], ['Ended', 'ChargingStateChanged', 'SuspendedEV', end('StoppedByEV')]]],
    ['TC_E_26_CSMS', [['Started', 'Authorized', 'Charging', { ...begin, idToken: holder }], ['Updated', 'EVCommunicationLost', 'Idle'], ['Updated', 'CablePluggedIn', 'Charging'], ['Ended', 'StopAuthorized', 'EVConnected', end('Local')]]],
    ['TC_E_38_CSMS', [['Started', 'Authorized', 'EVConnected', { ...begin, idToken: holder }], ['Updated', 'ChargingStateChanged', 'SuspendedEV'], ['Updated', 'ChargingStateChanged', 'Charging'], ['Ended', 'StopAuthorized', 'EVConnected', end('Local')]]],
    ['TC_J_02_CSMS TC_J_03_CSMS', [['Started', 'Authorized', 'Charging', { ...begin, idToken: holder }], ['Updated', 'MeterValueClock', 'Charging', { meterValue: register(2000, 'Sample.Clock') }], ['Ended', 'StopAuthorized', 'EVConnected', { stoppedReason: 'Local', meterValue: [...register(2500, 'Sample.Clock'), ...register(3000, 'Transaction.End')] }]]],
    ['TC_J_08_CSMS', [['Started', 'Authorized', undefined, { ...begin, evse: undefined, idToken: holder }], ['Updated', 'CablePluggedIn', 'Charging'], ['Ended', 'StopAuthorized', 'EVConnected', end('Local')]]],
    ['TC_B_22_CSMS TC_B_27_CSMS', [['Started', 'Authorized', 'Charging', { ...begin, idToken: holder }], ['Reset'], ['Ended', 'ResetCommand', 'Idle', end('ImmediateReset')]]],
  ];
  const { place, charger } = await booted(t, 'CS-FLOWS');
  const booking = await bookNow(place);
  await charger.asked('ReserveNow');
  const sessions = async () => (await place.driver.get(`/bookings/${booking}`)).body.sessions ?? [];
  for (const [cases, events] of flows) {
    await t.test(cases, async () => {
      const before = (await sessions()).length;
      const play = new Play(charger, cases.split(' ')[0]);
      for (const [type, ...told] of events) {
        if (type === 'Reset') {
          const ordered = await place.staff.post(`/stations/${place.station}/orders`, { order: 'reset', at_once: true });
          assert.equal(ordered.status, 'Accepted');
          continue;
        }
        const answer = await play.tell(type, ...told);
        if (told[2]?.idToken) assert.equal(answer.idTokenInfo.status, 'Accepted');
      }
      const after = await eventually(sessions, (list) => list.length === before + 1, 'the booking has one session more');
      const id = after.at(-1).session ?? after.at(-1);
      const { body } = await place.driver.get(`/sessions/${id}`);
      assert.deepEqual([body.open, body.energy_wh], [false, 2_000]);
    });
  }
  charger.assertStrict();
});

test('2.0.1 cases: who may not, and what never was', async (t) => {
  const { place, charger } = await booted(t, 'CS-NOT');
  await bookNow(place);
  await charger.asked('ReserveNow');
  await t.test('TC_E_16_CSMS TC_C_20_CSMS an invalid token is deauthorized', async () => {
    const play = new Play(charger, 'not-1');
    const answer = await play.tell('Started', 'Authorized', 'Charging', { ...begin, idToken: stranger });
    assert.equal(answer.idTokenInfo.status, 'Unknown');
    await charger.asked('RequestStopTransaction');
    assert.deepEqual(await play.tell('Ended', 'Deauthorized', 'EVConnected', end('DeAuthorized')), {});
  });
  await t.test('TC_E_17_CSMS deauthorized, and the car is gone', async () => {
    const play = new Play(charger, 'not-2');
    await play.tell('Started', 'Authorized', 'EVConnected', { ...begin, idToken: stranger });
    await play.tell('Updated', 'Deauthorized', 'SuspendedEVSE');
    assert.deepEqual(await play.tell('Ended', 'EVCommunicationLost', 'Idle', { stoppedReason: 'EVDisconnected', meterValue: register(1000, 'Transaction.End') }), {});
  });
  await t.test('TC_E_39_CSMS nobody plugs in', async () => {
    const play = new Play(charger, 'not-3');
    assert.equal((await play.tell('Started', 'Authorized', undefined, { idToken: holder })).idTokenInfo.status, 'Accepted');
    assert.deepEqual(await play.tell('Ended', 'EVConnectTimeout', undefined, { stoppedReason: 'Timeout' }), {});
  });
  await t.test('TC_P_02_CSMS TC_P_03_CSMS data of unknown vendors', async () => {
    assert.equal((await charger.call('DataTransfer', { vendorId: 'com.other' })).status, 'UnknownVendorId');
    assert.ok((await charger.call('Heartbeat', { customData: { vendorId: 'com.other', more: [1, 2] } })).currentTime);
  });
  await t.test('TC_G_20_CSMS TC_N_48_CSMS TC_N_49_CSMS TC_N_50_CSMS events of monitors', async () => {
    const event = (trigger, actualValue, more = {}) => ({
      generatedAt: now(), seqNo: 0,
      eventData: [{ eventId: 1, timestamp: now(), trigger, actualValue, eventNotificationType: 'CustomMonitor', component: { name: 'ConnectorPlugRetentionLock', evse }, variable: { name: 'Problem' }, ...more }],
    });
    assert.deepEqual(await charger.call('NotifyEvent', event('Delta', 'true')), {});
    assert.deepEqual(await charger.call('NotifyEvent', event('Alerting', '', { variableMonitoringId: 7 })), {});
    assert.deepEqual(await charger.call('NotifyEvent', event('Alerting', '4', { cleared: true, variableMonitoringId: 7 })), {});
    assert.deepEqual(await charger.call('NotifyEvent', event('Periodic', '5', { variableMonitoringId: 8 })), {});
  });
  await t.test('TC_K_51_CSMS TC_K_52_CSMS limits of others', async () => {
    const chargingSchedule = [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] }];
    assert.deepEqual(await charger.call('NotifyChargingLimit', { chargingLimit: { chargingLimitSource: 'EMS' }, chargingSchedule, evseId: 1 }), {});
    assert.deepEqual(await charger.call('ClearedChargingLimit', { chargingLimitSource: 'EMS', evseId: 1 }), {});
  });
  charger.assertStrict();
});

test('2.0.1 cases: reservations and remote starts', async (t) => {
  const { place, charger } = await booted(t, 'CS-RESERVE', { ReserveNow: { status: 'Rejected' } });
  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  await t.test('TC_H_22_CSMS a charger that takes no reservations is shown', async () => {
    await eventually(
      async () => (await place.staff.get(`/sites/${place.site}/devices`)).body,
      (body) => body.items[0].reservations_refused === 1,
      'the refusal is shown',
    );
  });
  await t.test('TC_H_07_CSMS TC_H_20_CSMS a reservation that has ended is answered', async () => {
    for (const reservationUpdateStatus of ['Expired', 'Removed']) {
      assert.deepEqual(await charger.call('ReservationStatusUpdate', { reservationId: reservation.id, reservationUpdateStatus }), {});
    }
  });
  await t.test('TC_H_19_CSMS a card of the holder\'s is of the group that the reservation is for', async () => {
    const { idTokenInfo } = await charger.call('Authorize', { idToken: holder });
    assert.equal(idTokenInfo.status, 'Accepted');
    assert.deepEqual(idTokenInfo.groupIdToken, reservation.groupIdToken);
  });
  await t.test('TC_F_02_CSMS TC_F_03_CSMS a remote start, with and without asking again', async () => {
    await place.driver.post(`/bookings/${booking}/charge`);
    const remote = await charger.asked('RequestStartTransaction');
    assert.equal((await charger.call('Authorize', { idToken: remote.idToken })).idTokenInfo.status, 'Accepted');
    const play = new Play(charger, 'remote-1');
    const started = await play.tell('Started', 'RemoteStart', 'Charging', { ...begin, idToken: remote.idToken });
    assert.equal(started.idTokenInfo.status, 'Accepted');
    assert.deepEqual(await play.tell('Ended', 'StopAuthorized', 'EVConnected', end('Local')), {});
  });
  charger.assertStrict();
});

test('2.0.1 cases: a certificate that the station does not take', async (t) => {
  const { place, charger } = await booted(t, 'CS-CERT', { CertificateSigned: { status: 'Rejected' } });
  const csr = path.join(await directory(t), 'csr.pem');
  const made = await run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null', '-out', csr, '-subj', '/CN=CS-CERT']);
  assert.equal(made.code, 0, made.stderr);
  await t.test('TC_A_14_CSMS it stands in the audit log', async () => {
    assert.equal((await charger.call('SignCertificate', { csr: await readFile(csr, 'utf8'), certificateType: 'ChargingStationCertificate' })).status, 'Accepted');
    await charger.asked('CertificateSigned');
    assert.deepEqual(await charger.call('SecurityEventNotification', { type: 'InvalidChargingStationCertificate', timestamp: now() }), {});
    await eventually(
      async () => (await place.staff.get(`/stations/${place.station}/security-events`)).body.items.map(({ type }) => type),
      (types) => types.includes('CertificateNotAccepted') && types.includes('InvalidChargingStationCertificate'),
      'both events',
    );
  });
  charger.assertStrict();
});
