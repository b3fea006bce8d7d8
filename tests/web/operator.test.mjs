// The operator at one station and in the audit: what a station says of itself in its own protocol, how it proves who it is,
// a search that has an address, and a fire centre's roll call.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Charger, chargingSite } from '../conformance/charging_site.mjs';
import { Centre, CMD } from '../conformance/fire_centre.mjs';
import { accept, acceptVariables, acknowledge, listen, site } from '../e2e/alarm_site.mjs';
import { eventually } from '../e2e/program.mjs';
import { assertSound, device, garage, openBrowser, pagesOf, skip, widths } from './browser.mjs';

const xss = '<img src=x onerror=alert(1)>';

test('station: settings of OCPP 1.6, security and its events', { skip, timeout: 240_000 }, async (t) => {
  const place = await chargingSite(t, 'CP-16');
  const answers = { GetConfiguration: { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }, { key: 'ChargeProfileMaxStackLevel', readonly: true, value: xss }] } };
  const charger = await Charger.connect(t, place, 'CP-16', 'ocpp1.6', { answers });
  await charger.call('BootNotification', { chargePointVendor: 'Other', chargePointModel: 'Judge' });
  const browser = await openBrowser(t);
  for (const [width, language] of [[widths.phone, 'zh'], [widths.desk, 'en']]) {
    const page = await device(t, browser, { base: await pagesOf(t, place.server), person: place.staff, width, language });
    await page.goto('/#/operator/stations');
    await page.locator('.stations a.item', { hasText: 'CP-16' }).click();
    await page.getByRole('button', { name: /Read it from the station|从充电桩读取/ }).click();
    await page.locator('.variables dd', { hasText: '300' }).waitFor();
    await page.locator('input[name=variable]').fill('stack');
    await page.locator('.variables', { hasText: xss }).waitFor();
    assert.equal(await page.locator('.variables dt').count(), 1);
    await page.locator('dd', { hasText: /1 · (password|密码)/ }).first().waitFor();
    await assertSound(page, `the station at ${width}`);
    await page.context().close();
  }
  const page = await device(t, browser, { base: await pagesOf(t, place.server), person: place.staff, width: widths.desk });
  await page.goto(`/#/operator/stations/${place.station}`);
  await page.locator('select[name=profile]').selectOption('2');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.locator('dialog button.danger').click();
  await page.getByText('not connected').waitFor(); // it came without TLS, which doesn't fit any more
  await eventually(async () => (await place.staff.get(`/stations/${place.station}/security`)).body.profile, (profile) => profile === 2, 'the profile is on record');
});

test('station: the device model of OCPP 2.0.1, reported in parts', { skip, timeout: 240_000 }, async (t) => {
  const place = await chargingSite(t, 'CP-201');
  const charger = await Charger.connect(t, place, 'CP-201', 'ocpp2.0.1', { answers: { GetBaseReport: { status: 'Accepted' }, SetVariables: acceptVariables } });
  await charger.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: await pagesOf(t, place.server), person: place.staff, width: widths.desk });
  await page.goto(`/#/operator/stations/${place.station}`);
  await page.getByRole('button', { name: 'Read it from the station' }).click();
  const { requestId, reportBase } = await charger.asked('GetBaseReport');
  assert.equal(reportBase, 'FullInventory');
  const part = (seqNo, tbc, component, name, value, mutability) => charger.call('NotifyReport', {
    requestId, seqNo, tbc, generatedAt: new Date().toISOString(),
    reportData: [{ component, variable: { name }, variableAttribute: [{ value, mutability }] }],
  });
  await part(0, true, { name: 'BayOccupancySensor', evse: { id: 1 } }, 'Active', 'true', 'ReadOnly');
  await page.getByText('Asked. The station reports in parts').waitFor();
  await part(1, false, { name: 'SecurityCtrlr' }, 'BasicAuthPassword', 'not to be seen', 'WriteOnly');
  await page.locator('summary', { hasText: 'BayOccupancySensor · EVSE 1' }).waitFor();
  await page.locator('.variables', { hasText: 'not shown' }).waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes('not to be seen'));
  await assertSound(page, 'the device model');
  await charger.client.close();
  await page.getByText('offline').first().waitFor();
  await page.getByRole('button', { name: 'Read it from the station' }).click();
  await page.getByText('The station is away.').waitFor();
});

test('audit: a search has an address, by who and what, and goes on page by page', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 60 }); // more records than a page
  const browser = await openBrowser(t);
  for (const [width, language] of [[widths.phone, 'zh'], [widths.desk, 'en']]) {
    const page = await device(t, browser, { base: place.base, person: place.staff, width, language });
    await page.goto('/#/operator/audit');
    await page.locator('.audit').nth(49).waitFor();
    await page.getByRole('button', { name: /Older ones|更早的/ }).click();
    await page.locator('.audit').nth(59).waitFor();
    await page.locator('select[name=audit-kind]').selectOption('staff');
    await page.locator('input[name=audit-word]').fill('AddBay');
    await page.getByRole('button', { name: /^(Search|搜索)$/ }).click();
    await page.waitForURL(/kind=staff.*word=AddBay/);
    await page.getByText(/Nothing fits|没有符合的记录/).waitFor();
    await page.goBack();
    await page.locator('.audit').nth(49).waitFor();
    await page.goto('/#/operator/audit?word=BayDefined&kind=staff');
    await page.reload();
    assert.equal(await page.locator('input[name=audit-word]').inputValue(), 'BayDefined');
    await page.locator('.audit summary').first().click();
    await page.locator('.audit a', { hasText: /^site-1$/ }).first().click();
    await page.waitForURL(/stream=site-1$/);
    await page.locator('.audit').first().waitFor();
    await assertSound(page, `the audit at ${width}`);
    await page.context().close();
  }
});

test('a roll call of the fire centre is shown wherever the operator is, and answered there', { skip, timeout: 240_000 }, async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const centre = await new Centre().listen();
  t.after(() => centre.close());
  const tables = `[alarms.fire.district]
protocol = "gbt26875"
addresses = ["127.0.0.1:${centre.port}"]
device = "010203040506"
centre = "111213141516"
`;
  const place = await site(t, office.port, gateway.port, { ways: 'fire_desk = ["fire:district"]', tables });
  await eventually(() => centre.device, Boolean, 'the link is up');
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: await pagesOf(t, place.server), person: place.staff });
  await page.goto('/#/operator/people');
  await page.locator('main h1').waitFor();
  centre.ask(CMD.control, [91, 1, 5]);
  await page.getByText('The fire centre district asks whether somebody is on duty.').waitFor();
  await assertSound(page, 'a roll call');
  await page.locator('input[name=duty-number]').fill('42');
  await page.getByRole('button', { name: 'I am on duty' }).click();
  await page.locator('.duty').waitFor({ state: 'detached' });
  await centre.until(() => centre.units.some(({ type }) => type === 24), 'the centre has the answer');
  assert.equal(centre.units.find(({ type }) => type === 24).operator, 42);
});

test("a partner's key is made, works, and is revoked", { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.staff, width: widths.desk });
  await page.goto('/#/operator/people');
  await page.locator('input[name=key-name]').fill(xss);
  await page.getByRole('button', { name: 'Make a key' }).click();
  const token = await page.locator('.keys .secret').innerText();
  const asPartner = () => fetch(`${place.base}/api/v1/sites`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await asPartner()).status, 200);
  await page.locator('.keys strong', { hasText: xss }).waitFor();
  await assertSound(page, 'a key');
  await page.locator('.keys').getByRole('button', { name: 'Revoke' }).click();
  await page.locator('dialog button.danger').click();
  await page.locator('.keys').getByText('No key yet.').waitFor();
  assert.equal((await asPartner()).status, 401);
});

test('a bay on the plan and the present on the day are in sight on a phone', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 8 });
  for (const [index, bay] of place.bays.entries()) await place.staff.call('PATCH', `/bays/${bay}`, { level: '0', east_m: index * 12, north_m: (index % 2) * 40 });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.driver });
  const last = place.bays.at(-1);
  await page.goto(`/#/bay/${last}`);
  const seen = (element) => page.locator(element).evaluate((one) => {
    const [at, around] = [one.getBoundingClientRect(), one.closest('.plan-scroll, .day-grid').getBoundingClientRect()];
    return at.left >= around.left && at.right <= around.right && at.top >= around.top && at.bottom <= around.bottom + 1;
  });
  await page.locator(`[data-bay="${last}"]`).waitFor();
  await eventually(() => seen(`[data-bay="${last}"]`), Boolean, 'the bay is in sight');
  const own = await device(t, browser, { base: place.base, person: place.property });
  await own.goto('/#/property/day');
  await own.locator('.now-line').waitFor({ state: 'attached' });
  const { line, left, right } = await own.locator('.now-line').evaluate((one) => {
    const around = one.closest('.day-grid').getBoundingClientRect();
    return { line: one.getBoundingClientRect().left, left: around.left, right: around.right };
  });
  assert.ok(line > left + 72 && line < right, `now at ${line} between ${left} and ${right}`);
});
