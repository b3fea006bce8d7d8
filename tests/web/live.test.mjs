// What keeps its word when things go wrong: the feed cut and mended, a session that ends in mid-form, no network at all.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertSound, device, garage, openBrowser, skip, widths, Wire } from './browser.mjs';

const until = (page, bay, state) => page.locator(`[data-bay="${bay}"][data-state="${state}"]`).waitFor();
const service = async (place, bay, in_service) => assert.equal((await place.staff.call('PUT', `/bays/${bay}/service`, { in_service })).status, 200);

test('the feed is cut: the age is shown; it comes back and nothing was missed', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t);
  const wire = await Wire.to(t, place.base);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: wire.url, person: place.property, width: widths.desk });
  const resumed = [];
  page.on('request', (request) => request.url().includes('/feed') && resumed.push(request.headers()['last-event-id'] ?? null));
  await page.goto('/#/property/plan');
  await until(page, place.bays[0], 'free');
  await page.locator('.link-state', { hasText: 'live' }).waitFor();
  await service(place, place.bays[0], false);
  await until(page, place.bays[0], 'out_of_service');

  wire.cut();
  await page.locator('.late', { hasText: /No connection\. What you see is \d+ s old, as of \d\d:\d\d/ }).waitFor();
  await assertSound(page, 'late');
  await service(place, place.bays[1], false);
  await until(page, place.bays[1], 'free'); // what is shown is what was known
  wire.mend();
  await until(page, place.bays[1], 'out_of_service');
  await page.locator('.late').waitFor({ state: 'detached' });
  assert.equal(resumed[0], null);
  assert.match(resumed.at(-1), /^\d+\.\d+$/, 'it goes on after the last event it has');
});

test('a session that ends in mid-form: sign in again, and what was typed is sent', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.driver });
  await page.goto('/#/driver/me');
  await page.locator('input[name=plate]').fill('M-ZZ 77');
  await place.driver.call('POST', '/logout');
  await page.locator('form', { has: page.locator('input[name=plate]') }).locator('button[type=submit]').click();
  const dialog = page.locator('dialog', { hasText: 'Please sign in again' });
  await dialog.waitFor();
  await assertSound(page, 'signing in again');
  assert.equal(await page.locator('input[name=plate]').inputValue(), 'M-ZZ 77');
  await dialog.locator('input[name=phone]').fill('+491713920002');
  await dialog.locator('input[name=password]').fill('driver-of-the-test');
  await dialog.locator('button[type=submit]').click();
  await page.locator('.plate', { hasText: 'MZZ77' }).waitFor();
});

test('a wrong password and too many of them are told in a word', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, language: 'zh' });
  await page.goto('/#/sign-in');
  await page.locator('input[name=phone]').fill('+491713920002');
  for (let tries = 0; tries < 14; ++tries) {
    await page.locator('input[name=password]').fill(`wrong-${tries}`);
    await page.locator('form button[type=submit]').click();
    await page.locator('form button[type=submit]:enabled').waitFor();
    await page.locator('.trouble').waitFor();
    if ((await page.locator('.trouble').innerText()).includes('请放慢')) break;
    assert.match(await page.locator('.trouble').innerText(), /手机号或密码错误/);
  }
  assert.match(await page.locator('.trouble').innerText(), /请放慢/);
});

test('without a network the pages open and show the last known state with its age', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t);
  const wire = await Wire.to(t, place.base);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: wire.url, workers: true });
  await page.goto('/');
  await until(page, place.bays[0], 'free');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await page.waitForFunction(async () => (await caches.keys()).length > 0 && !!localStorage.getItem('saved'));
  wire.cut();
  await page.reload();
  await until(page, place.bays[0], 'free');
  await page.locator('.late').waitFor();
  wire.mend();
  await page.locator('.late').waitFor({ state: 'detached' });
});

test('the language is changed on the spot and remembered', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto('/#/property/plan');
  await page.getByRole('link', { name: 'Residents' }).first().waitFor();
  await page.locator('.menu > button').click();
  await assertSound(page, 'the menu');
  await page.getByRole('radio', { name: '中文' }).check();
  await page.getByRole('link', { name: '住户' }).first().waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.reload();
  await page.getByRole('link', { name: '住户' }).first().waitFor();
});
