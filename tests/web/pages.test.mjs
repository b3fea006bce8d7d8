// Every page of every terminal, at both widths, in both languages and lights: sound to axe, no wider than the screen, no
// word missing, nothing complained of.
import assert from 'node:assert/strict';
import test from 'node:test';
import { slotFromTomorrow } from '../e2e/program.mjs';
import { assertSound, device, garage, openBrowser, skip, widths } from './browser.mjs';

async function everybody(place) {
  const booking = await place.driver.post('/bookings', { bay: place.bays[0], vehicle: place.driver.vehicle, ...slotFromTomorrow(2) });
  const { station } = await place.staff.post(`/sites/${place.site}/stations`, { identity: 'CP-1' });
  const bay = place.bays[0];
  return [
    [null, ['#/', '#/sign-in']],
    [place.driver, ['#/driver/find', '#/driver/bookings', `#/driver/bookings/${booking.booking}`, '#/driver/scan', '#/driver/wallet', '#/driver/me', '#/driver/notices', `#/bay/${bay}`, '#/pay-test/pay-200000001']],
    [place.owner, ['#/owner/bays', `#/owner/bays/${bay}`, '#/owner/earnings', '#/owner/notices']],
    [place.property, ['#/property/plan', '#/property/attention', '#/property/day', '#/property/people', '#/property/prices', `#/property/bay/${bay}`]],
    [place.staff, ['#/operator/sites', '#/operator/stations', `#/operator/stations/${station}`, `#/operator/messages/${station}`, '#/operator/fleet', '#/operator/people', '#/operator/reports', '#/operator/audit', '#/setup']],
  ];
}

for (const [width, language, scheme] of [[widths.phone, 'en', 'dark'], [widths.phone, 'zh', 'light'], [widths.desk, 'zh', 'dark'], [widths.desk, 'en', 'light']]) {
  test(`all pages: ${width} px, ${language}, ${scheme}`, { skip, timeout: 300_000 }, async (t) => {
    const place = await garage(t);
    const browser = await openBrowser(t);
    const wrong = [];
    for (const [person, pages] of await everybody(place)) {
      const page = await device(t, browser, { width, language, scheme, person, base: place.base });
      for (const address of pages) {
        await page.goto(`/${address}`);
        await page.locator('main h1').waitFor();
        await page.waitForFunction(() => !document.querySelector('.loading'));
        await assertSound(page, `${address} at ${width} in ${language}`).catch(({ message }) => wrong.push(message));
        const text = await page.locator('body').innerText();
        assert.doesNotMatch(text, /undefined|NaN|\[object/, address);
      }
      await page.context().close();
    }
    assert.equal(wrong.join('\n'), '');
  });
}
