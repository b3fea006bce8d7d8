// The places behind the pictures of the offices' pages (screenshots.mjs): a shift and its report, wrong parkers, one
// charging station. `take` takes one picture: (base, people, [name, width, language, light, role, address, act]).
import { Charger, chargingSite } from '../conformance/charging_site.mjs';
import { acceptVariables, connect, notice } from '../e2e/alarm_site.mjs';
import { eventually, Person } from '../e2e/program.mjs';
import { garage } from './browser.mjs';

export const tab = (pattern) => async (page) => {
  await page.getByRole('radio', { name: pattern }).check();
  await page.waitForFunction(() => !document.querySelector('.loading'));
};

// One incident answered, one open, the shift offered to the night.
export async function shift(t, take, pages_of) {
  const place = await garage(t, { bays: 4 });
  await place.staff.post('/accounts', { phone: '+491713920055', name: 'Nora Night', password: 'night-of-the-test', roles: ['property'], property_of: [place.site] });
  const night = await new Person(place.server).login('+491713920055', 'night-of-the-test');
  const help = async (bay, count) => {
    await place.owner.post(`/bays/${place.bays[bay]}/help`);
    return eventually(async () => (await place.property.get(`/sites/${place.site}/incidents`)).body.items, (items) => items.length === count, 'the incident is listed');
  };
  const [{ incident }] = await help(0, 1);
  await place.property.post(`/incidents/${incident}/acknowledge`);
  await place.property.post(`/incidents/${incident}/close`, { false_alarm: true });
  await help(1, 2);
  const steps = { zh: ['查看摄像头', '通话询问情况', '必要时报警：110'], en: ['Look at the camera', 'Speak to the person', 'If in doubt call the police: 110'] };
  await place.property.call('PUT', `/sites/${place.site}/standing-orders/panic_button`, steps);
  await place.property.post(`/sites/${place.site}/shifts`, { to: (await night.get('/me')).body.account, note: 'The barrier of level 0 sticks; the smith comes at eight.' });
  const people = { property: place.property, night };
  const base = await pages_of(place.server);
  const steps_shown = async (page) => void (await page.locator('summary').first().click());
  for (const picture of [
    ['property-attention', 1440, 'en', 'light', 'property', '#/property/attention', steps_shown],
    ['property-attention-phone', 360, 'zh', 'dark', 'property', '#/property/attention', steps_shown],
    ['property-shift', 1440, 'en', 'light', 'property', '#/property/attention', tab(/Shift|交接班/)],
    ['property-shift-phone', 360, 'zh', 'light', 'night', '#/property/attention', tab(/Shift|交接班/)],
    ['property-report', 1440, 'zh', 'light', 'property', '#/property/attention', tab(/^Report|报表/)],
    ['property-report-phone', 360, 'en', 'dark', 'property', '#/property/attention', tab(/^Report|报表/)],
  ]) await take(base, people, picture);
}

async function park(charger, plate) {
  await notice(charger, 'BayOccupancySensor', 'Active', 'true');
  await notice(charger, 'VehicleIdSensor', 'VehicleId', plate);
  await notice(charger, 'BayOccupancySensor', 'Active', 'false');
}

// A wrong parker who appeals, and a car that nobody knows.
export async function wrong_parkers(t, take, pages_of) {
  const place = await chargingSite(t, 'CS-FIRE');
  const { body: rules } = await place.staff.get(`/sites/${place.site}/rules`);
  await place.staff.call('PUT', `/sites/${place.site}/rules`, { ...rules, wrong_parking_fee_minor: 3000, wrong_parking_grace_s: 0 });
  const stranger = new Person(place.server);
  await stranger.post('/register', { phone: '+491713920077', password: 'stranger-of-the-test', name: 'Wrong' });
  await stranger.login('+491713920077', 'stranger-of-the-test');
  await stranger.post('/me/vehicles', { plate: 'B-AD 1', connector: 'iec_62196_t2' });
  const charger = await connect(t, place);
  await park(charger, 'B-AD 1');
  const [{ claim }] = await eventually(async () => (await stranger.get('/me/claims')).body.items, (items) => items.length > 0, 'a claim');
  await park(charger, 'X-YZ 99');
  await eventually(async () => (await place.staff.get(`/sites/${place.site}/claims`)).body.items, (items) => items.length === 2, 'two claims');
  const base = await pages_of(place.server);
  const people = { driver: stranger, property: place.staff };
  await take(base, people, ['driver-claim-phone', 360, 'en', 'light', 'driver', '#/driver/wallet']);
  await stranger.post(`/bookings/${claim}/dispute`, { reason: 'not_me', text: '那不是我的车。' });
  const bills = async (page) => (await tab(/Disputed bills|账单异议/)(page), await page.locator('main section').last().scrollIntoViewIfNeeded());
  await take(base, people, ['driver-appeal-phone', 360, 'zh', 'dark', 'driver', '#/driver/wallet']);
  await take(base, people, ['property-claims', 1440, 'zh', 'light', 'property', '#/property/attention', bills]);
  await take(base, people, ['property-claims-phone', 360, 'en', 'light', 'property', '#/property/attention', bills]);
}

const model = {
  BayOccupancySensor: [['Active', 'true', 'ReadOnly'], ['Available', 'true', 'ReadOnly']],
  ChargingStation: [['AvailabilityState', 'Available', 'ReadOnly'], ['Model', 'Wall 22', 'ReadOnly'], ['VendorName', 'Other', 'ReadOnly']],
  OCPPCommCtrlr: [['HeartbeatInterval', '300', 'ReadWrite'], ['OfflineThreshold', '60', 'ReadWrite'], ['RetryBackOffWaitMinimum', '3', 'ReadWrite']],
  SecurityCtrlr: [['BasicAuthPassword', undefined, 'WriteOnly'], ['SecurityProfile', '1', 'ReadOnly']],
};

// One station: its device model read, and what it says.
export async function station(t, take, pages_of) {
  const place = await chargingSite(t, 'WALL-22');
  const charger = await Charger.connect(t, place, 'WALL-22', 'ocpp2.0.1', { answers: { GetBaseReport: { status: 'Accepted' }, SetVariables: acceptVariables } });
  await charger.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Wall 22', serialNumber: '0042', firmwareVersion: '3.1.4' } });
  await charger.call('StatusNotification', { timestamp: new Date().toISOString(), connectorStatus: 'Available', evseId: 1, connectorId: 1 });
  const read = async (page) => {
    await page.getByRole('button', { name: /Read it from the station|从充电桩读取/ }).click();
    const { requestId } = await charger.asked('GetBaseReport');
    const reportData = Object.entries(model).flatMap(([name, variables]) => variables.map(([variable, value, mutability]) => ({ component: { name }, variable: { name: variable }, variableAttribute: [{ value, mutability }] })));
    await charger.call('NotifyReport', { requestId, seqNo: 0, generatedAt: new Date().toISOString(), reportData });
    await page.locator('summary').first().click();
  };
  const base = await pages_of(place.server);
  const people = { operator: place.staff };
  const address = `#/operator/stations/${place.station}`;
  await take(base, people, ['operator-station', 1440, 'en', 'light', 'operator', address, read]);
  await take(base, people, ['operator-station-phone', 360, 'zh', 'light', 'operator', address]);
  const message = async (page) => void (await page.locator('.messages summary').first().click());
  await take(base, people, ['operator-messages', 1440, 'zh', 'dark', 'operator', `#/operator/messages/${place.station}`, message]);
  await take(base, people, ['operator-messages-phone', 360, 'en', 'light', 'operator', `#/operator/messages/${place.station}`, message]);
}
