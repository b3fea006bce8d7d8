// Money between driver and office in browsers: a top-up, a visit at a bay that nothing sees, a bill that is disputed, and
// the audit that tells of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { assertSound, device, garage, openBrowser, skip, widths } from './browser.mjs';

const xss = '<img src=x onerror="document.title=1">';

test('a top-up at the test provider, which says what it is', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1, config: '[payments]\nprovider = "test"\n' });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.driver });
  const available = async () => (await place.driver.get('/me/wallet')).body.available[0].minor;
  const before = await available();
  await page.goto('/#/driver/wallet');
  await page.getByText(/Test payments: no money moves/).waitFor();
  await page.locator('input[name=top-up]').fill('12.34');
  await assertSound(page, 'the wallet');
  await page.getByRole('button', { name: 'Go and pay' }).click();
  await page.getByText(/No money moves/).waitFor();
  await assertSound(page, 'the test payment');
  assert.equal(await available(), before, 'asking is not paying');
  await page.getByRole('button', { name: 'As if it were declined' }).click();
  await page.getByText('Not paid').waitFor();
  await page.getByRole('button', { name: 'Go and pay' }).click();
  await page.getByRole('button', { name: 'As if it were paid' }).click();
  await page.getByText(/test:pay-/).waitFor();
  assert.equal(await available(), before + 2000, 'the form began anew with its default');
  await assertSound(page, 'paid');
});

test('arrival without a sensor, a bill disputed, decided by the office, told to the driver, found in the audit', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t, { bays: 2 });
  const start = Math.floor(Date.now() / 900_000) * 900_000;
  const { booking } = await place.driver.post('/bookings', { bay: place.bays[0], vehicle: place.driver.vehicle, start: new Date(start).toISOString(), end: new Date(start + 3_600_000).toISOString() });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.driver });
  await page.goto(`/#/bay/${place.bays[0]}`);
  await page.getByText('This is your bay').waitFor();
  await assertSound(page, 'the own bay, scanned');
  await page.getByRole('link', { name: 'Open the booking' }).click();
  await page.getByRole('button', { name: 'I am in the bay' }).click();
  await page.locator('dialog button.primary').click();
  await page.getByRole('button', { name: 'I am leaving' }).click();
  await page.locator('dialog button.primary').click();

  await page.getByRole('button', { name: 'Dispute this bill' }).click();
  await page.locator('select[name=reason]').selectOption('charging');
  await page.locator('textarea[name=words]').fill(xss);
  await assertSound(page, 'disputing');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Waiting for the property office').waitFor();
  const paid = (await place.driver.get(`/bookings/${booking}`)).body.charged.minor;

  const office = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await office.goto('/#/property/attention');
  await office.getByRole('radio', { name: /Disputed bills \(1\)/ }).check();
  await office.getByText(xss).waitFor();
  await assertSound(office, 'the office and the dispute');
  await office.locator('input[name=refund]').fill('0.10');
  await office.locator('input[name=reply]').fill('Ten cents.');
  await office.getByRole('button', { name: 'Pay back' }).click();
  await office.locator('dialog button.primary').click();
  await office.getByText('Nobody disputes a bill.').waitFor();

  await page.getByText('Paid back').first().waitFor();
  await page.getByText('Ten cents.').waitFor();
  await assertSound(page, 'decided');
  const { body: wallet } = await place.driver.get('/me/wallet');
  assert.equal(wallet.available[0].minor, 1_000_000 - paid + 10);

  const operator = await device(t, browser, { base: place.base, person: place.staff, width: widths.desk });
  await operator.goto('/#/operator/audit');
  await operator.locator('input[name=audit-word]').fill('BookingRefunded');
  await operator.getByRole('button', { name: 'Search' }).click();
  await operator.waitForFunction(() => document.querySelectorAll('.audit').length === 1);
  await operator.locator('summary', { hasText: 'DecideDispute' }).click();
  await operator.getByText('BookingRefunded').nth(0).waitFor();
  await assertSound(operator, 'the audit');
  const told = await operator.locator('.audit').innerText();
  assert.ok(!told.includes('onerror') && !told.includes('Ten cents'), 'no words of people in the journal');
  for (const one of [page, office, operator]) assert.notEqual(await one.title(), '1');
});

test('property: alarm rules: quiet for an hour, ended, and a policy changed', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 2 });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property });
  await page.goto('/#/property/attention');
  await page.getByRole('radio', { name: 'Alarm rules' }).check();
  await page.locator('select[name=quiet-kind]').selectOption('smoke');
  await page.locator('input[name=quiet-reason]').fill('Welding');
  await page.getByRole('button', { name: 'Keep quiet' }).click();
  await page.getByRole('button', { name: 'End now' }).waitFor();
  await assertSound(page, 'alarm rules');
  await page.getByRole('button', { name: 'End now' }).click();
  await page.getByRole('button', { name: 'End now' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Change Stays too long' }).click();
  await page.locator('dialog').getByRole('checkbox', { name: 'Operator' }).first().check();
  await assertSound(page, 'a policy');
  await page.locator('dialog button.primary').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  const { body } = await place.property.get(`/sites/${place.site}/incident-policies`);
  assert.ok(body.items.find((one) => one.kind === 'overstay').told.includes('operators'));
});
