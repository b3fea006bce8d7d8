// A charger program that is not ours drives the whole journey in OCPP 1.6J, strict schemas both ways.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertBilled, bookNow, card, Charger, chargingSite, eventually, plate, sessionOf } from './charging_site.mjs';

const identity = 'CP|16@judge'; // must survive percent encoding
const now = () => new Date().toISOString();
const transfer = (messageId, data) => ({ vendorId: 'org.bayward', messageId, data: JSON.stringify(data) });

test('OCPP 1.6: boot, authorize, reservation, remote start, meter values, stop, billed', async (t) => {
  const place = await chargingSite(t, identity);
  const charger = await Charger.connect(t, place, identity, 'ocpp1.6');

  const boot = await charger.call('BootNotification', { chargePointVendor: 'Other', chargePointModel: 'Judge' });
  assert.equal(boot.status, 'Accepted');
  assert.equal(boot.interval, 300);
  assert.ok(Math.abs(Date.parse(boot.currentTime) - Date.now()) < 60_000);
  await charger.call('Heartbeat');
  const status = (connectorId, value) =>
    charger.call('StatusNotification', { connectorId, errorCode: 'NoError', status: value, timestamp: now() });
  await status(0, 'Available');
  await status(1, 'Available');
  assert.equal((await charger.asked('ChangeConfiguration')).key, 'ClockAlignedDataInterval');

  assert.equal((await charger.call('Authorize', { idTag: 'STRANGER' })).idTagInfo.status, 'Invalid');

  const booking = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  assert.equal(reservation.connectorId, 1);
  assert.match(reservation.idTag, /^BW[0-9A-F]+$/);
  assert.ok(Date.parse(reservation.expiryDate) > Date.now());
  const group = reservation.parentIdTag;
  await status(1, 'Reserved');

  const shown = await charger.call('Authorize', { idTag: card.toLowerCase() });
  assert.deepEqual(shown.idTagInfo, { status: 'Accepted', parentIdTag: group });

  assert.deepEqual(
    await charger.call('DataTransfer', transfer('BayOccupancy', { connectorId: 1, occupied: true, timestamp: now() })),
    { status: 'Accepted' },
  );
  await place.driver.post(`/bookings/${booking}/charge`);
  const remote = await charger.asked('RemoteStartTransaction');
  assert.equal(remote.idTag, reservation.idTag);
  const started = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: remote.idTag,
    meterStart: 1_000,
    reservationId: reservation.reservationId,
    timestamp: now(),
  });
  assert.equal(started.idTagInfo.status, 'Accepted');
  assert.ok(started.transactionId > 0);
  await status(1, 'Charging');

  const sampled = (value, unit) => ({
    connectorId: 1,
    transactionId: started.transactionId,
    meterValue: [
      {
        timestamp: now(),
        sampledValue: [
          { value, unit, measurand: 'Energy.Active.Import.Register' },
          { value: '11.0', unit: 'kW', measurand: 'Power.Active.Import' },
          { value: '55', unit: 'Percent', measurand: 'SoC', location: 'EV' },
        ],
      },
    ],
  });
  await charger.call('MeterValues', sampled('4.5', 'kWh'));
  const session = await sessionOf(place, booking);
  assert.equal(session.open, true);

  await place.driver.post(`/sessions/${session.id}/stop`);
  const stop = await charger.asked('RemoteStopTransaction');
  assert.equal(stop.transactionId, started.transactionId);
  const ended = {
    transactionId: started.transactionId,
    idTag: remote.idTag,
    meterStop: 8_000,
    timestamp: now(),
    reason: 'Remote',
  };
  await charger.call('StopTransaction', ended);
  await charger.call('StopTransaction', ended); // repeated after an outage: the same answer, one effect
  await status(1, 'Available');
  assert.equal((await sessionOf(place, booking)).energy_wh, 7_000);

  await charger.call('DataTransfer', transfer('BayOccupancy', { connectorId: 1, occupied: false, timestamp: now() }));
  await assertBilled(place, booking, 7_000);
  charger.assertStrict();
});

test('OCPP 1.6: a card at a free bay is a walk-up, a plate opens it, cancelling takes the reservation back', async (t) => {
  const place = await chargingSite(t, 'CP-2');
  const charger = await Charger.connect(t, place, 'CP-2', 'ocpp1.6');
  await charger.call('BootNotification', { chargePointVendor: 'Other', chargePointModel: 'Judge' });

  const first = await bookNow(place);
  const reservation = await charger.asked('ReserveNow');
  await place.driver.post(`/bookings/${first}/cancel`);
  assert.equal((await charger.asked('CancelReservation')).reservationId, reservation.reservationId);

  assert.equal((await charger.call('Authorize', { idTag: card })).idTagInfo.status, 'Accepted');
  const [walkUp] = await eventually(
    async () => (await place.driver.get('/me/bookings?phase=confirmed')).body.items,
    (items) => items?.length === 1 && items[0].kind === 'walk_up',
    'the tap has made a walk-up',
  );
  await charger.call('DataTransfer', transfer('BayOccupancy', { connectorId: 1, occupied: true }));
  await charger.call('DataTransfer', transfer('VehicleId', { connectorId: 1, plate: plate.toLowerCase() }));
  await eventually(
    async () => (await place.driver.get(`/bookings/${walkUp.booking}`)).body.phase,
    (phase) => phase === 'active',
    'the recognised car makes the booking active',
  );
  charger.assertStrict();
});

test('OCPP 1.6: a start that was charged offline is billed when it is told', async (t) => {
  const place = await chargingSite(t, 'CP-3');
  const charger = await Charger.connect(t, place, 'CP-3', 'ocpp1.6');
  await charger.call('BootNotification', { chargePointVendor: 'Other', chargePointModel: 'Judge' });
  const booking = await bookNow(place);
  const timestamp = now();
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: card,
    meterStart: 0,
    timestamp,
  });
  await charger.call('StopTransaction', {
    transactionId,
    meterStop: 12_345,
    timestamp: now(),
    transactionData: [
      { timestamp, sampledValue: [{ value: '0', context: 'Transaction.Begin' }] },
      { timestamp: now(), sampledValue: [{ value: '12345', context: 'Transaction.End' }] },
    ],
  });
  await place.driver.post(`/bookings/${booking}/leave`);
  await assertBilled(place, booking, 12_345);
  charger.assertStrict();
});
