// Cases of OCPP 2.0.1 part 6 in which the central system calls: what staff orders reaches a charger that is not ours
// exactly as ordered and valid, its answer reaches staff, and what the charger tells afterwards is answered or gathered.
//
// A row: the cases, the action, its payload, the charger's answer, and what the charger then calls.
import assert from 'node:assert/strict';
import test from 'node:test';
import { bookNow, Charger, chargingSite, eventually } from './charging_site.mjs';

const now = () => new Date().toISOString();
const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } };
const setVariables = ({ setVariableData }) => ({
  setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })),
});
const ok = { status: 'Accepted' };
const no = { status: 'Rejected' };
const transactionId = 'tx-cases';

async function bootedCharger(t, identity) {
  const place = await chargingSite(t, identity);
  const charger = await Charger.connect(t, place, identity, 'ocpp2.0.1', { answers: { SetVariables: setVariables } });
  await charger.call('BootNotification', boot);
  await charger.asked('SetVariables');
  return { place, charger };
}

async function runRows(t, { place, charger }, rows) {
  for (const [cases, action, payload, answer, after = []] of rows) {
    await t.test(`${cases} ${action}`, async () => {
      charger.answers[action] = answer;
      charger.came.delete(action);
      const told = await place.staff.post(`/stations/${place.station}/orders`, { order: 'call', action, payload });
      assert.equal(told.outcome, 'answered', told.status);
      assert.deepEqual(told.answer, answer);
      assert.deepEqual(await charger.asked(action), payload);
      for (const [notice, what] of after) assert.deepEqual(await charger.call(notice, what), {});
      const gathered = after.filter(([notice]) => ['NotifyReport', 'NotifyMonitoringReport', 'NotifyCustomerInformation', 'NotifyDisplayMessages', 'ReportChargingProfiles'].includes(notice));
      if (gathered.length > 0) {
        const { body } = await place.staff.get(`/stations/${place.station}/reports`);
        const report = body.items.find(({ request }) => request === payload.requestId);
        assert.equal(report.complete, true);
        assert.equal(report.parts.length, gathered.length);
      }
      charger.assertStrict();
    });
  }
}

// With energy flowing for the holder of a booking.
async function transaction({ place, charger }) {
  await bookNow(place);
  const { idToken } = await charger.asked('ReserveNow');
  const meterValue = [{ timestamp: now(), sampledValue: [{ value: 0, context: 'Transaction.Begin', measurand: 'Energy.Active.Import.Register' }] }];
  const told = await charger.call('TransactionEvent', {
    eventType: 'Started', seqNo: 0, timestamp: now(), triggerReason: 'Authorized', evse: { id: 1, connectorId: 1 }, idToken, meterValue,
    transactionInfo: { transactionId, chargingState: 'Charging' },
  });
  assert.equal(told.idTokenInfo.status, 'Accepted');
}

const variable = { component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } };
const many = (count) => Array.from({ length: count }, (_, i) => ({ component: { name: `C${i}` }, variable: { name: 'V' } }));
const valued = (list) => list.map((one) => ({ ...one, attributeStatus: 'Accepted', attributeValue: '1' }));
const report = (requestId, seqNo, tbc) => ['NotifyReport', { requestId, generatedAt: now(), seqNo, tbc, reportData: [{ ...variable, variableAttribute: [{ value: '300' }] }] }];
const link = (securityProfile) => ({
  configurationSlot: 1,
  connectionData: { ocppVersion: 'OCPP20', ocppTransport: 'JSON', ocppCsmsUrl: 'wss://csms.example.org/ocpp', messageTimeout: 30, securityProfile, ocppInterface: 'Wired0' },
});

test('2.0.1 cases: provisioning, authorization, lists, triggers, availability', async (t) => {
  const at = await bootedCharger(t, 'CS-CASES-B');
  await runRows(t, at, [
    ['TC_B_06_CSMS', 'GetVariables', { getVariableData: [variable] }, { getVariableResult: valued([variable]) }],
    ['TC_B_07_CSMS', 'GetVariables', { getVariableData: many(2) }, { getVariableResult: valued(many(2)) }],
    ['TC_B_08_CSMS', 'GetVariables', { getVariableData: many(4) }, { getVariableResult: valued(many(4)) }],
    ['TC_B_09_CSMS', 'SetVariables', { setVariableData: [{ ...variable, attributeValue: '60' }] }, { setVariableResult: [{ ...variable, attributeStatus: 'Accepted' }] }],
    ['TC_B_12_CSMS', 'GetBaseReport', { requestId: 12, reportBase: 'ConfigurationInventory' }, ok, [report(12, 0, false)]],
    ['TC_B_13_CSMS', 'GetBaseReport', { requestId: 13, reportBase: 'FullInventory' }, ok, [report(13, 1, false), report(13, 0, true)]],
    ['TC_B_14_CSMS', 'GetBaseReport', { requestId: 14, reportBase: 'SummaryInventory' }, ok, [report(14, 0, false)]],
    ['TC_B_18_CSMS', 'GetReport', { requestId: 18, componentCriteria: ['Available'], componentVariable: [variable] }, ok, [report(18, 0, false)]],
    ['TC_B_20_CSMS', 'Reset', { type: 'OnIdle' }, ok],
    ['TC_B_25_CSMS', 'Reset', { type: 'OnIdle', evseId: 1 }, ok],
    ['TC_B_42_CSMS', 'SetNetworkProfile', link(1), ok],
    ['TC_B_44_CSMS', 'SetNetworkProfile', link(1), { status: 'Failed' }],
    ['TC_A_19_CSMS', 'SetNetworkProfile', link(2), ok],
    ['TC_C_37_CSMS', 'ClearCache', {}, ok],
    ['TC_C_38_CSMS', 'ClearCache', {}, no],
    ['TC_D_08_CSMS', 'GetLocalListVersion', {}, { versionNumber: 7 }],
    ['TC_D_09_CSMS', 'GetLocalListVersion', {}, { versionNumber: 0 }],
    ['TC_F_06_CSMS', 'UnlockConnector', { evseId: 1, connectorId: 1 }, { status: 'Unlocked' }],
    ['TC_F_11_CSMS', 'TriggerMessage', { requestedMessage: 'MeterValues', evse: { id: 1 } }, ok],
    ['TC_F_12_CSMS', 'TriggerMessage', { requestedMessage: 'MeterValues' }, ok],
    ['TC_F_15_CSMS', 'TriggerMessage', { requestedMessage: 'LogStatusNotification' }, ok, [['LogStatusNotification', { status: 'Idle' }]]],
    ['TC_F_18_CSMS', 'TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' }, ok, [['FirmwareStatusNotification', { status: 'Idle' }]]],
    ['TC_F_20_CSMS', 'TriggerMessage', { requestedMessage: 'Heartbeat' }, ok],
    ['TC_F_23_CSMS', 'TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } }, ok,
      [['StatusNotification', { timestamp: now(), connectorStatus: 'Available', evseId: 1, connectorId: 1 }]]],
    ['TC_F_24_CSMS', 'TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } }, ok,
      [['StatusNotification', { timestamp: now(), connectorStatus: 'Occupied', evseId: 1, connectorId: 1 }]]],
    ['TC_F_27_CSMS', 'TriggerMessage', { requestedMessage: 'SignV2GCertificate' }, { status: 'NotImplemented' }],
    ['TC_G_03_CSMS', 'ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } }, ok],
    ['TC_G_04_CSMS', 'ChangeAvailability', { operationalStatus: 'Operative', evse: { id: 1 } }, ok],
    ['TC_G_05_CSMS', 'ChangeAvailability', { operationalStatus: 'Inoperative' }, ok],
    ['TC_G_06_CSMS', 'ChangeAvailability', { operationalStatus: 'Operative' }, ok],
    ['TC_G_07_CSMS', 'ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1, connectorId: 1 } }, ok],
    ['TC_G_08_CSMS', 'ChangeAvailability', { operationalStatus: 'Operative', evse: { id: 1, connectorId: 1 } }, ok],
    ['TC_I_01_CSMS', 'CostUpdated', { totalCost: 1.25, transactionId }, {}],
  ]);
});

const profile = (more) => ({
  id: 1, stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile', chargingProfileKind: 'Absolute',
  chargingSchedule: [{ id: 1, startSchedule: '2026-01-01T00:00:00.000Z', duration: 86_400, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.5 }] }], ...more,
});
const profiles = (requestId, evseId) => ['ReportChargingProfiles', { requestId, chargingLimitSource: 'CSO', evseId, chargingProfile: [profile()], tbc: false }];
const criterion = (requestId, chargingProfile, evseId) => [{ requestId, chargingProfile, ...(evseId !== undefined && { evseId }) }, ok, [profiles(requestId, evseId ?? 0)]];

test('2.0.1 cases: smart charging', async (t) => {
  const at = await bootedCharger(t, 'CS-CASES-K');
  await runRows(t, at, [
    ['TC_K_01_CSMS', 'SetChargingProfile', { evseId: 1, chargingProfile: profile() }, ok],
    ['TC_K_02_CSMS', 'SetChargingProfile', { evseId: 1, chargingProfile: profile({ chargingProfilePurpose: 'TxProfile', transactionId: 'none' }) }, no],
    ['TC_K_03_CSMS', 'SetChargingProfile', { evseId: 0, chargingProfile: profile({ chargingProfilePurpose: 'ChargingStationMaxProfile' }) }, ok],
    ['TC_K_04_CSMS', 'SetChargingProfile', { evseId: 1, chargingProfile: profile({ stackLevel: 1 }) }, ok],
    ['TC_K_05_CSMS', 'ClearChargingProfile', { chargingProfileId: 1 }, ok],
    ['TC_K_06_CSMS', 'ClearChargingProfile', { chargingProfileCriteria: { stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile' } }, ok],
    ['TC_K_08_CSMS', 'ClearChargingProfile', { chargingProfileId: 99 }, { status: 'Unknown' }],
    ['TC_K_10_CSMS', 'SetChargingProfile', { evseId: 0, chargingProfile: profile() }, ok],
    ['TC_K_19_CSMS', 'SetChargingProfile', { evseId: 1, chargingProfile: profile({ chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' }) }, ok],
    ['TC_K_29_CSMS', 'GetChargingProfiles', ...criterion(29, { chargingProfilePurpose: 'TxDefaultProfile' }, 0)],
    ['TC_K_30_CSMS', 'GetChargingProfiles', ...criterion(30, { chargingProfilePurpose: 'TxDefaultProfile' }, 1)],
    ['TC_K_31_CSMS', 'GetChargingProfiles', ...criterion(31, { chargingProfilePurpose: 'TxDefaultProfile' })],
    ['TC_K_32_CSMS', 'GetChargingProfiles', ...criterion(32, { chargingProfileId: [1] })],
    ['TC_K_33_CSMS', 'GetChargingProfiles', ...criterion(33, { stackLevel: 0 }, 1)],
    ['TC_K_34_CSMS', 'GetChargingProfiles', ...criterion(34, { chargingLimitSource: ['CSO'] }, 1)],
    ['TC_K_35_CSMS', 'GetChargingProfiles', ...criterion(35, { chargingProfilePurpose: 'TxDefaultProfile' }, 1)],
    ['TC_K_36_CSMS', 'GetChargingProfiles', ...criterion(36, { chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 }, 1)],
    ['TC_K_43_CSMS', 'GetCompositeSchedule', { duration: 3600, evseId: 1, chargingRateUnit: 'A' }, no],
    ['TC_K_44_CSMS', 'GetCompositeSchedule', { duration: 3600, evseId: 0 }, ok],
  ]);
  await t.test('TC_K_48_CSMS TC_K_50_CSMS limits set and released by others are taken', async () => {
    const chargingLimit = { chargingLimitSource: 'EMS', isGridCritical: true };
    assert.deepEqual(await at.charger.call('NotifyChargingLimit', { chargingLimit, evseId: 1 }), {});
    assert.deepEqual(await at.charger.call('ClearedChargingLimit', { chargingLimitSource: 'EMS', evseId: 1 }), {});
  });
  await transaction(at);
  await runRows(t, at, [
    ['TC_K_60_CSMS', 'SetChargingProfile', { evseId: 1, chargingProfile: profile({ chargingProfilePurpose: 'TxProfile', transactionId }) }, ok],
    ['TC_B_21_CSMS', 'Reset', { type: 'OnIdle' }, { status: 'Scheduled' }],
    ['TC_B_26_CSMS', 'Reset', { type: 'OnIdle', evseId: 1 }, { status: 'Scheduled' }],
    ['TC_G_11_CSMS', 'ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } }, { status: 'Scheduled' }],
    ['TC_G_14_CSMS', 'ChangeAvailability', { operationalStatus: 'Inoperative' }, { status: 'Scheduled' }],
    ['TC_G_17_CSMS', 'ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1, connectorId: 1 } }, { status: 'Scheduled' }],
    ['TC_E_29_CSMS', 'GetTransactionStatus', { transactionId }, { ongoingIndicator: true, messagesInQueue: true }],
    ['TC_E_30_CSMS', 'GetTransactionStatus', { transactionId }, { ongoingIndicator: true, messagesInQueue: false }],
    ['TC_E_33_CSMS', 'GetTransactionStatus', {}, { messagesInQueue: true }],
    ['TC_E_34_CSMS', 'GetTransactionStatus', {}, { messagesInQueue: false }],
    ['TC_F_14_CSMS', 'TriggerMessage', { requestedMessage: 'TransactionEvent' }, ok,
      [['TransactionEvent', { eventType: 'Updated', seqNo: 1, timestamp: now(), triggerReason: 'Trigger', transactionInfo: { transactionId } }]]],
  ]);
});

const firmware = { location: 'https://files.example.org/fw.bin', retrieveDateTime: '2026-01-01T00:00:00.000Z', signingCertificate: 'PEM', signature: 'c2ln' };
const statuses = (requestId, ...list) => list.map((status) => ['FirmwareStatusNotification', { status, requestId }]);
const update = (requestId, answer, ...list) => [{ requestId, firmware }, answer, statuses(requestId, ...list)];
const published = (requestId, ...list) => list.map((status) => ['PublishFirmwareStatusNotification', { status, requestId, ...(status === 'Published' && { location: ['http://here/fw'] }) }]);
const checksum = 'd41d8cd98f00b204e9800998ecf8427e';
const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const listed = (...types) => ({ status: 'Accepted', certificateHashDataChain: types.map((certificateType) => ({ certificateType, certificateHashData: hash })) });

test('2.0.1 cases: firmware and certificates', async (t) => {
  const at = await bootedCharger(t, 'CS-CASES-L');
  await runRows(t, at, [
    ['TC_L_01_CSMS', 'UpdateFirmware', ...update(1, ok, 'Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed')],
    ['TC_L_02_CSMS', 'UpdateFirmware', ...update(2, ok, 'Downloading', 'Downloaded', 'SignatureVerified', 'InstallScheduled')],
    ['TC_L_03_CSMS', 'UpdateFirmware', ...update(3, ok, 'DownloadScheduled')],
    ['TC_L_04_CSMS', 'UpdateFirmware', ...update(4, { status: 'RevokedCertificate' })],
    ['TC_L_05_CSMS', 'UpdateFirmware', ...update(5, { status: 'InvalidCertificate' })],
    ['TC_L_06_CSMS', 'UpdateFirmware', ...update(6, ok, 'Downloading', 'Downloaded', 'InvalidSignature')],
    ['TC_L_07_CSMS', 'UpdateFirmware', ...update(7, ok, 'Downloading', 'DownloadFailed')],
    ['TC_L_08_CSMS', 'UpdateFirmware', ...update(8, ok, 'Installing', 'InstallVerificationFailed')],
    ['TC_L_09_CSMS', 'UpdateFirmware', ...update(9, ok, 'Installing', 'InstallationFailed')],
    ['TC_L_10_CSMS', 'UpdateFirmware', ...update(10, { status: 'AcceptedCanceled' }, 'Downloading')],
    ['TC_L_11_CSMS', 'UpdateFirmware', ...update(11, no)],
    ['TC_L_17_CSMS', 'PublishFirmware', { location: firmware.location, checksum, requestId: 17 }, ok, published(17, 'Downloading', 'Downloaded', 'ChecksumVerified', 'Published')],
    ['TC_L_19_CSMS', 'PublishFirmware', { location: firmware.location, checksum, requestId: 19 }, ok, published(19, 'Downloaded', 'InvalidChecksum')],
    ['TC_L_20_CSMS', 'PublishFirmware', { location: firmware.location, checksum, requestId: 20 }, ok, published(20, 'ChecksumVerified', 'PublishFailed')],
    ['TC_L_24_CSMS', 'PublishFirmware', { location: firmware.location, checksum, requestId: 24 }, ok, published(24, 'DownloadFailed')],
    ['TC_L_21_CSMS', 'UnpublishFirmware', { checksum }, { status: 'Unpublished' }],
    ['TC_L_22_CSMS', 'UnpublishFirmware', { checksum }, { status: 'NoFirmware' }],
    ['TC_L_23_CSMS', 'UnpublishFirmware', { checksum }, { status: 'DownloadOngoing' }],
    ['TC_M_01_CSMS', 'InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: 'PEM' }, ok],
    ['TC_M_02_CSMS', 'InstallCertificate', { certificateType: 'ManufacturerRootCertificate', certificate: 'PEM' }, ok],
    ['TC_M_03_CSMS', 'InstallCertificate', { certificateType: 'V2GRootCertificate', certificate: 'PEM' }, ok],
    ['TC_M_04_CSMS', 'InstallCertificate', { certificateType: 'MORootCertificate', certificate: 'PEM' }, ok],
    ['TC_M_05_CSMS', 'InstallCertificate', { certificateType: 'CSMSRootCertificate', certificate: 'PEM' }, { status: 'Failed' }],
    ['TC_M_12_CSMS', 'GetInstalledCertificateIds', { certificateType: ['CSMSRootCertificate'] }, listed('CSMSRootCertificate')],
    ['TC_M_13_CSMS', 'GetInstalledCertificateIds', { certificateType: ['ManufacturerRootCertificate'] }, listed('ManufacturerRootCertificate')],
    ['TC_M_14_CSMS', 'GetInstalledCertificateIds', { certificateType: ['V2GRootCertificate'] }, listed('V2GRootCertificate')],
    ['TC_M_15_CSMS', 'GetInstalledCertificateIds', { certificateType: ['V2GCertificateChain'] }, listed('V2GCertificateChain')],
    ['TC_M_16_CSMS', 'GetInstalledCertificateIds', { certificateType: ['MORootCertificate'] }, listed('MORootCertificate')],
    ['TC_M_17_CSMS', 'GetInstalledCertificateIds', { certificateType: ['CSMSRootCertificate', 'ManufacturerRootCertificate'] }, listed('CSMSRootCertificate', 'ManufacturerRootCertificate')],
    ['TC_M_18_CSMS', 'GetInstalledCertificateIds', {}, listed('CSMSRootCertificate')],
    ['TC_M_19_CSMS', 'GetInstalledCertificateIds', { certificateType: ['MORootCertificate'] }, { status: 'NotFound' }],
    ['TC_M_20_CSMS', 'DeleteCertificate', { certificateHashData: hash }, ok],
    ['TC_M_21_CSMS', 'DeleteCertificate', { certificateHashData: hash }, { status: 'Failed' }],
  ]);
});

const monitoring = (requestId) => ['NotifyMonitoringReport', { requestId, seqNo: 0, generatedAt: now(), tbc: false, monitor: [{ ...variable, variableMonitoring: [{ id: 1, transaction: false, value: 5, type: 'UpperThreshold', severity: 3 }] }] }];
const monitor = (more) => ({ value: 5, type: 'UpperThreshold', severity: 3, ...variable, ...more });
const monitored = (id) => ({ id, status: 'Accepted', type: 'UpperThreshold', severity: 3, ...variable });
const customer = (requestId, more) => ({ requestId, report: true, clear: false, idToken: { idToken: 'CARD', type: 'ISO14443' }, ...more });
const data = (requestId) => [['NotifyCustomerInformation', { requestId, data: 'a', seqNo: 0, tbc: true, generatedAt: now() }], ['NotifyCustomerInformation', { requestId, data: 'b', seqNo: 1, generatedAt: now() }]];
const message = (more) => ({ message: { id: 1, priority: 'NormalCycle', message: { format: 'UTF8', language: 'de', content: 'Hallo' }, ...more } });
const messages = (requestId) => ['NotifyDisplayMessages', { requestId, messageInfo: [message().message] }];
const log = (requestId, logType) => ({ requestId, logType, log: { remoteLocation: 'https://files.example.org/up' } });
const logged = (requestId, ...list) => list.map((status) => ['LogStatusNotification', { requestId, status }]);

test('2.0.1 cases: diagnostics and display messages', async (t) => {
  const at = await bootedCharger(t, 'CS-CASES-N');
  await runRows(t, at, [
    ['TC_N_01_CSMS', 'GetMonitoringReport', { requestId: 1, monitoringCriteria: ['ThresholdMonitoring'] }, ok, [monitoring(1)]],
    ['TC_N_02_CSMS', 'GetMonitoringReport', { requestId: 2, componentVariable: [variable] }, ok, [monitoring(2)]],
    ['TC_N_03_CSMS', 'GetMonitoringReport', { requestId: 3, monitoringCriteria: ['DeltaMonitoring'], componentVariable: [variable] }, ok, [monitoring(3)]],
    ['TC_N_47_CSMS', 'GetMonitoringReport', { requestId: 47 }, ok, [monitoring(47)]],
    ['TC_N_60_CSMS', 'GetMonitoringReport', { requestId: 60, monitoringCriteria: ['ThresholdMonitoring'], componentVariable: many(2) }, ok, [monitoring(60)]],
    ['TC_N_05_CSMS', 'SetMonitoringBase', { monitoringBase: 'All' }, ok],
    ['TC_N_08_CSMS', 'SetVariableMonitoring', { setMonitoringData: [monitor()] }, { setMonitoringResult: [monitored(1)] }],
    ['TC_N_09_CSMS', 'SetVariableMonitoring', { setMonitoringData: [monitor(), monitor({ severity: 4 })] }, { setMonitoringResult: [monitored(1), monitored(2)] }],
    ['TC_N_24_CSMS', 'SetVariableMonitoring', { setMonitoringData: [monitor({ type: 'Periodic' })] }, { setMonitoringResult: [{ ...monitored(3), type: 'Periodic' }] }],
    ['TC_N_16_CSMS', 'SetMonitoringLevel', { severity: 4 }, ok],
    ['TC_N_17_CSMS', 'SetMonitoringLevel', { severity: 9 }, no],
    ['TC_N_18_CSMS', 'ClearVariableMonitoring', { id: [1, 2, 3] }, { clearMonitoringResult: [1, 2, 3].map((id) => ({ id, status: 'Accepted' })) }],
    ['TC_N_44_CSMS', 'ClearVariableMonitoring', { id: [9] }, { clearMonitoringResult: [{ id: 9, status: 'Rejected' }] }],
    ['TC_N_25_CSMS', 'GetLog', log(25, 'DiagnosticsLog'), { ...ok, filename: 'a.zip' }, logged(25, 'Uploading', 'Uploaded')],
    ['TC_N_34_CSMS', 'GetLog', log(34, 'DiagnosticsLog'), no],
    ['TC_N_35_CSMS', 'GetLog', log(35, 'SecurityLog'), { ...ok, filename: 's.zip' }, logged(35, 'Uploading', 'Uploaded')],
    ['TC_N_36_CSMS', 'GetLog', log(36, 'DiagnosticsLog'), { status: 'AcceptedCanceled', filename: 'b.zip' }, logged(36, 'AcceptedCanceled', 'Uploading', 'Uploaded')],
    ['TC_N_27_CSMS', 'CustomerInformation', customer(27), ok, data(27)],
    ['TC_N_28_CSMS', 'CustomerInformation', customer(28), ok, [data(28)[1]].map(([action, one]) => [action, { ...one, seqNo: 0 }])],
    ['TC_N_29_CSMS', 'CustomerInformation', customer(29), { status: 'Invalid' }],
    ['TC_N_30_CSMS', 'CustomerInformation', customer(30, { clear: true }), ok, data(30)],
    ['TC_N_32_CSMS', 'CustomerInformation', customer(32, { clear: true, report: false }), ok],
    ['TC_N_62_CSMS', 'CustomerInformation', { requestId: 62, report: false, clear: true, customerIdentifier: 'someone' }, ok],
    ['TC_N_63_CSMS', 'CustomerInformation', { requestId: 63, report: false, clear: true, customerCertificate: hash }, ok],
    ['TC_O_01_CSMS', 'SetDisplayMessage', message(), ok],
    ['TC_O_02_CSMS', 'GetDisplayMessages', { requestId: 2 }, ok, [messages(2)]],
    ['TC_O_03_CSMS', 'GetDisplayMessages', { requestId: 3 }, { status: 'Unknown' }],
    ['TC_O_04_CSMS', 'ClearDisplayMessage', { id: 1 }, ok],
    ['TC_O_05_CSMS', 'ClearDisplayMessage', { id: 9 }, { status: 'Unknown' }],
    ['TC_O_07_CSMS', 'GetDisplayMessages', { requestId: 7, id: [1] }, ok, [messages(7)]],
    ['TC_O_08_CSMS', 'GetDisplayMessages', { requestId: 8, priority: 'NormalCycle' }, ok, [messages(8)]],
    ['TC_O_09_CSMS', 'GetDisplayMessages', { requestId: 9, state: 'Idle' }, ok, [messages(9)]],
    ['TC_O_10_CSMS', 'SetDisplayMessage', message({ transactionId: 'none' }), { status: 'UnknownTransaction' }],
    ['TC_O_11_CSMS', 'GetDisplayMessages', { requestId: 11, id: [9] }, { status: 'Unknown' }],
    ['TC_O_12_CSMS', 'SetDisplayMessage', message({ priority: 'InFront' }), ok],
    ['TC_O_13_CSMS', 'SetDisplayMessage', message({ startDateTime: '2026-12-01T00:00:00.000Z' }), ok],
    ['TC_O_14_CSMS', 'SetDisplayMessage', message({ endDateTime: '2026-12-01T00:00:00.000Z' }), ok],
    ['TC_O_17_CSMS', 'SetDisplayMessage', message({ priority: 'AlwaysFront' }), { status: 'NotSupportedPriority' }],
    ['TC_O_18_CSMS', 'SetDisplayMessage', message({ state: 'Faulted' }), { status: 'NotSupportedState' }],
    ['TC_O_19_CSMS', 'SetDisplayMessage', message({ message: { format: 'HTML', content: '<b>a</b>' } }), { status: 'NotSupportedMessageFormat' }],
    ['TC_O_25_CSMS', 'SetDisplayMessage', message({ state: 'Charging' }), ok],
    ['TC_O_26_CSMS', 'SetDisplayMessage', message(), no],
  ]);
  await transaction(at);
  await runRows(t, at, [
    ['TC_O_06_CSMS', 'SetDisplayMessage', message({ transactionId }), ok],
    ['TC_O_27_CSMS', 'SetDisplayMessage', message({ transactionId, startDateTime: '2026-12-01T00:00:00.000Z' }), ok],
    ['TC_O_28_CSMS', 'SetDisplayMessage', message({ transactionId, endDateTime: '2026-12-01T00:00:00.000Z' }), ok],
  ]);
  await eventually(async () => (await at.place.staff.get('/stats')).body, (stats) => stats.unanswered_calls === 0, 'every call was answered');
});
