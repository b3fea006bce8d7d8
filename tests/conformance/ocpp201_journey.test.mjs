// A charger program that is not ours drives the whole journey in OCPP 2.0.1 and 2.1, strict schemas both ways.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertBilled, bookNow, card, Charger, chargingSite, eventually, plate, sessionOf } from './charging_site.mjs';

const protocols = ['ocpp2.0.1', 'ocpp2.1'];
const now = () => new Date().toISOString();
const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge', serialNumber: '1' } };
const setVariables = ({ setVariableData }) => ({
  setVariableResult: setVariableData.map(({ component, variable }) => ({
    attributeStatus: 'Accepted',
    component,
    variable,
  })),
});

const register = (value, context, unit) => [
  {
    timestamp: now(),
    sampledValue: [
      { value, context, measurand: 'Energy.Active.Import.Register', ...(unit && { unitOfMeasure: { unit } }) },
      { value: 55.5, measurand: 'SoC', location: 'EV' },
    ],
  },
];
const event = (eventType, seqNo, transactionId, more) => ({
  eventType,
  seqNo,
  timestamp: now(),
  triggerReason: 'Authorized',
  transactionInfo: { transactionId },
  ...more,
});
const sensed = (component, variable, actualValue) => ({
  generatedAt: now(),
  seqNo: 0,
  eventData: [
    {
      eventId: 1,
      timestamp: now(),
      trigger: 'Delta',
      actualValue,
      eventNotificationType: 'HardWiredNotification',
      component: { name: component, evse: { id: 1 } },
      variable: { name: variable },
    },
  ],
});

for (const protocol of protocols) test(`${protocol}: boot, authorize, reservation, remote start, meter values, stop, billed`, async (t) => {
  const place = await chargingSite(t, 'CS-201');
  const charger = await Charger.connect(t, place, 'CS-201', protocol, { answers: { SetVariables: setVariables } });

  const answer = await charger.call('BootNotification', boot);
  assert.equal(answer.status, 'Accepted');
  assert.equal(answer.interval, 300);
  await charger.call('Heartbeat');
  const status = (connectorStatus) =>
    charger.call('StatusNotification', { timestamp: now(), connectorStatus, evseId: 1, connectorId: 1 });
  await status('Available');
  const { setVariableData } = await charger.asked('SetVariables');
  assert.equal(setVariableData[0].component.name, 'AlignedDataCtrlr');

  const stranger = { idToken: 'STRANGER', type: 'ISO14443' };
  assert.equal((await charger.call('Authorize', { idToken: stranger })).idTokenInfo.status, 'Unknown');

  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  assert.equal(reservation.evseId, 1);
  assert.equal(reservation.idToken.type, 'Central');
  await status('Reserved');

  const shown = await charger.call('Authorize', { idToken: { idToken: card.toLowerCase(), type: 'ISO14443' } });
  assert.equal(shown.idTokenInfo.status, 'Accepted');
  assert.deepEqual(shown.idTokenInfo.groupIdToken, reservation.groupIdToken);

  await charger.call('NotifyEvent', sensed('BayOccupancySensor', 'Active', 'true'));
  await charger.call('NotifyEvent', sensed('VehicleIdSensor', 'VehicleId', plate));
  await place.driver.post(`/bookings/${booking}/charge`);
  const remote = await charger.asked('RequestStartTransaction');
  assert.equal(remote.idToken.idToken, reservation.idToken.idToken);

  const id = 'tx-judge-1';
  const started = await charger.call(
    'TransactionEvent',
    event('Started', 0, id, {
      triggerReason: 'RemoteStart',
      transactionInfo: { transactionId: id, chargingState: 'Charging', remoteStartId: remote.remoteStartId },
      evse: { id: 1, connectorId: 1 },
      idToken: remote.idToken,
      reservationId: reservation.id,
      meterValue: register(1000.5, 'Transaction.Begin'),
    }),
  );
  assert.equal(started.idTokenInfo.status, 'Accepted');
  await status('Occupied');
  await charger.call(
    'TransactionEvent',
    event('Updated', 1, id, {
      triggerReason: 'MeterValuePeriodic',
      meterValue: register(4.5, 'Sample.Periodic', 'kWh'),
    }),
  );
  const session = await sessionOf(place, booking);
  assert.equal(session.open, true);

  await place.driver.post(`/sessions/${session.id}/stop`);
  assert.equal((await charger.asked('RequestStopTransaction')).transactionId, id);
  const ended = event('Ended', 2, id, {
    triggerReason: 'RemoteStop',
    transactionInfo: { transactionId: id, stoppedReason: 'Remote' },
    meterValue: register(8000.5, 'Transaction.End'),
  });
  await charger.call('TransactionEvent', ended);
  await charger.call('TransactionEvent', ended); // repeated after an outage: one effect
  await status('Available');
  assert.equal((await sessionOf(place, booking)).energy_wh, 7_000);

  await charger.call('NotifyEvent', sensed('BayOccupancySensor', 'Active', 'false'));
  await assertBilled(place, booking, 7_000);
  charger.assertStrict();
});

for (const protocol of protocols) test(`${protocol}: the plate alone opens the bay, and events out of order make one session`, async (t) => {
  const place = await chargingSite(t, 'CS-2');
  const charger = await Charger.connect(t, place, 'CS-2', protocol, {
    answers: { SetVariables: setVariables, GetTransactionStatus: { messagesInQueue: true } },
  });
  await charger.call('BootNotification', boot);
  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  await charger.call('NotifyEvent', sensed('BayOccupancySensor', 'Active', 'true'));
  await charger.call('NotifyEvent', sensed('VehicleIdSensor', 'VehicleId', plate));
  assert.equal((await charger.asked('CancelReservation')).reservationId, reservation.id);
  await eventually(
    async () => (await place.driver.get(`/bookings/${booking}`)).body.phase,
    (phase) => phase === 'active',
    'the recognised car makes the booking active',
  );
  const id = 'tx-judge-2';
  const evse = { id: 1, connectorId: 1 };
  const more = { offline: true, evse };
  const begin = register(0, 'Transaction.Begin');
  await charger.call('TransactionEvent', event('Ended', 2, id, { ...more, meterValue: register(2000, 'Transaction.End') }));
  await charger.call('TransactionEvent', event('Started', 0, id, { ...more, meterValue: begin }));
  await charger.call('TransactionEvent', event('Updated', 1, id, { ...more, meterValue: register(900) }));
  const session = await sessionOf(place, booking);
  assert.equal(session.open, false);
  assert.equal(session.energy_wh, 2_000);
  await charger.call('NotifyEvent', sensed('BayOccupancySensor', 'Active', 'false'));
  await assertBilled(place, booking, 2_000);
  charger.assertStrict();
});
