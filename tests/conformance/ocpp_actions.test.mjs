// Every action of all versions in both directions, against a charger program that is not ours and holds us to the
// official schemas: what stations call is answered, and what a central system may call goes out by the staff's order
// `call`. The least payload that each schema allows. tools/ocpp_table.mjs makes the table of docs/ocpp.md from this.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Charger, chargingSite, schemasOf } from './charging_site.mjs';

export const versions = {
  'ocpp1.6': {
    schemas: schemasOf('ocpp1.6'),
    boot: { chargePointVendor: 'Other', chargePointModel: 'Judge' },
    // OCPP 1.6 chapter 4 and its security whitepaper.
    byStation: ['Authorize', 'BootNotification', 'DataTransfer', 'DiagnosticsStatusNotification', 'FirmwareStatusNotification',
      'Heartbeat', 'LogStatusNotification', 'MeterValues', 'SecurityEventNotification', 'SignCertificate',
      'SignedFirmwareStatusNotification', 'StartTransaction', 'StatusNotification', 'StopTransaction'],
    byBoth: ['DataTransfer'],
  },
  'ocpp2.0.1': {
    schemas: schemasOf('ocpp2.0.1'),
    boot: { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } },
    // OCPP 2.0.1 part 2, chapter "Messages".
    byStation: ['Authorize', 'BootNotification', 'ClearedChargingLimit', 'DataTransfer', 'FirmwareStatusNotification',
      'Get15118EVCertificate', 'GetCertificateStatus', 'Heartbeat', 'LogStatusNotification', 'MeterValues',
      'NotifyChargingLimit', 'NotifyCustomerInformation', 'NotifyDisplayMessages', 'NotifyEVChargingNeeds',
      'NotifyEVChargingSchedule', 'NotifyEvent', 'NotifyMonitoringReport', 'NotifyReport',
      'PublishFirmwareStatusNotification', 'ReportChargingProfiles', 'ReservationStatusUpdate',
      'SecurityEventNotification', 'SignCertificate', 'StatusNotification', 'TransactionEvent'],
    byBoth: ['DataTransfer'],
  },
  'ocpp2.1': {
    schemas: schemasOf('ocpp2.1'),
    boot: { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } },
    // OCPP 2.1 part 2, chapter "Messages".
    byStation: ['Authorize', 'BatterySwap', 'BootNotification', 'ClearedChargingLimit', 'ClosePeriodicEventStream',
      'DataTransfer', 'FirmwareStatusNotification', 'Get15118EVCertificate', 'GetCertificateChainStatus',
      'GetCertificateStatus', 'Heartbeat', 'LogStatusNotification', 'MeterValues', 'NotifyChargingLimit',
      'NotifyCustomerInformation', 'NotifyDERAlarm', 'NotifyDERStartStop', 'NotifyDisplayMessages',
      'NotifyEVChargingNeeds', 'NotifyEVChargingSchedule', 'NotifyEvent', 'NotifyMonitoringReport',
      'NotifyPriorityCharging', 'NotifyReport', 'NotifySettlement', 'OpenPeriodicEventStream',
      'PublishFirmwareStatusNotification', 'PullDynamicScheduleUpdate', 'ReportChargingProfiles', 'ReportDERControl',
      'ReservationStatusUpdate', 'SecurityEventNotification', 'SignCertificate', 'StatusNotification',
      'TransactionEvent', 'VatNumberValidation'],
    byBoth: ['DataTransfer'],
    // NotSupported is answered.
    notServed: {
      BatterySwap: 'batteries are not swapped here',
      GetCertificateChainStatus: 'plug and charge (ISO 15118) is not offered',
      NotifySettlement: 'payment at the charger is not offered',
      PullDynamicScheduleUpdate: 'no dynamic schedules are made',
      VatNumberValidation: 'payment at the charger is not offered',
    },
  },
};

const actionsOf = ({ schemas }) => schemas.map(({ $id }) => /urn:(\w+)\.req/.exec($id)?.[1]).filter(Boolean).sort();

// The least that the schema allows.
function least(node, definitions) {
  if (node.$ref) return least(definitions[node.$ref.replace('#/definitions/', '')], definitions);
  if (node.enum) return node.enum[0];
  switch (node.type) {
    case 'object':
      return Object.fromEntries((node.required ?? []).map((name) => [name, least(node.properties[name], definitions)]));
    case 'array':
      return [least(node.items, definitions)];
    case 'integer':
    case 'number':
      return Math.max(1, node.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      if (node.format === 'date-time') return new Date().toISOString();
      return node.format === 'uri' ? 'https://example.org/x' : '1'; // also where a number is meant
  }
}
function payload({ schemas }, action, end) {
  const schema = schemas.find(({ $id }) => $id === `urn:${action}.${end}`);
  return least({ type: 'object', ...schema }, schema.definitions ?? {});
}

for (const [protocol, version] of Object.entries(versions)) {
  test(`${protocol}: every action in both directions`, async (t) => {
    const place = await chargingSite(t, 'CS-ALL');
    const bySystem = actionsOf(version).filter((action) => !version.byStation.includes(action) || version.byBoth.includes(action));
    const answers = Object.fromEntries(bySystem.map((action) => [action, payload(version, action, 'conf')]));
    const charger = await Charger.connect(t, place, 'CS-ALL', protocol, { answers });
    await charger.call('BootNotification', version.boot);

    for (const action of Object.keys(version.notServed ?? {})) {
      await t.test(`${protocol}: NotSupported is said of ${action}`, () =>
        assert.rejects(charger.call(action, payload(version, action, 'req')), { rpcErrorCode: 'NotSupported' }));
    }
    for (const action of version.byStation.filter((one) => !version.notServed?.[one])) {
      await t.test(`${protocol}: the station calls ${action}`, async () => {
        assert.equal(typeof (await charger.call(action, payload(version, action, 'req'))), 'object');
        charger.assertStrict();
      });
    }
    for (const action of bySystem) {
      await t.test(`${protocol}: we call ${action}`, async () => {
        const sent = payload(version, action, 'req');
        const told = await place.staff.post(`/stations/${place.station}/orders`, { order: 'call', action, payload: sent });
        assert.equal(told.outcome, 'answered', told.status);
        assert.deepEqual(told.answer, answers[action]);
        charger.assertStrict();
      });
    }
    await t.test(`${protocol}: what breaks its schema does not go out`, async () => {
      const told = await place.staff.call('POST', `/stations/${place.station}/orders`, { order: 'call', action: 'Reset', payload: { type: 'Gently' } });
      assert.equal(told.status, 400);
      assert.match(told.body.detail, /type/);
    });
  });
}
