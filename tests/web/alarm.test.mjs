// D3, D4 on a driver's phone: an alarm takes the whole screen until it is seen, stays in sight, and ends with the all-clear.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chargingSite } from '../conformance/charging_site.mjs';
import { assertSound, device, openBrowser, pagesOf, skip, widths } from './browser.mjs';
import { ChargingCar } from './charging.mjs';

const fault = (car, errorCode) => car.charger.call('StatusNotification', { connectorId: 1, errorCode, status: errorCode === 'NoError' ? 'Available' : 'Faulted', timestamp: new Date().toISOString() });

for (const [width, language, seen, clear] of [[widths.phone, 'en', 'I have seen it', 'All clear'], [widths.desk, 'zh', '我已看到', '警报解除']]) {
  test(`danger at the own car: ${width} px, ${language}`, { skip, timeout: 300_000 }, async (t) => {
    const place = await chargingSite(t, 'CP-HOT');
    const car = await ChargingCar.arrive(t, place, 'CP-HOT');
    const browser = await openBrowser(t);
    const page = await device(t, browser, { person: place.driver, base: await pagesOf(t, place.server), width, language });
    await page.goto('/#/driver/wallet');
    await page.locator('main h1').waitFor();
    await page.locator('.figures').waitFor();
    await fault(car, 'HighTemperature');
    const alarm = page.locator('dialog.alarm.is-danger');
    await alarm.waitFor();
    await assertSound(page, 'the alarm');
    await page.keyboard.press('Escape');
    assert.ok(await alarm.isVisible(), 'it does not go away by itself');
    await page.reload();
    await alarm.waitFor();
    await alarm.getByRole('button', { name: seen }).click();
    await alarm.waitFor({ state: 'detached' });
    await page.locator('.alarm-lasting').waitFor();
    await assertSound(page, 'it lasts');
    await page.reload();
    await page.locator('.alarm-lasting').waitFor();
    assert.equal(await page.locator('dialog.alarm').count(), 0, 'seen is seen');

    const incident = (await place.staff.get(`/sites/${place.site}/incidents`)).body.items.find((one) => one.severity === 'danger');
    assert.equal((await place.staff.call('POST', `/incidents/${incident.incident}/acknowledge`)).status, 204);
    await fault(car, 'NoError');
    await place.staff.call('POST', `/incidents/${incident.incident}/close`, {});
    await page.getByRole('heading', { name: clear }).waitFor();
    await assertSound(page, 'the all-clear');
    await page.locator('dialog.alarm.is-clear button').click();
    await page.locator('.alarm-lasting').waitFor({ state: 'detached' });
  });
}
