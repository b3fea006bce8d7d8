// The driver's journeys in a browser against the real server.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chargingSite } from '../conformance/charging_site.mjs';
import { assertSound, device, garage, openBrowser, pagesOf, Person, skip, widths } from './browser.mjs';
import { ChargingCar } from './charging.mjs';

const words = {
  en: { register: 'Register', add: 'Add', search: 'Search', book: 'Book', cancel: 'Cancel booking', noShow: 'Cancelled', hold: 'Hold now', me: 'Me', taken: /Just taken/, start: 'Start charging', stop: 'Stop charging', receipt: 'Receipt' },
  zh: { register: '注册', add: '添加', search: '搜索', book: '预订', cancel: '取消预订', noShow: '已取消', hold: '立即保留', me: '我的' },
};

for (const [width, language] of [[widths.phone, 'zh'], [widths.desk, 'en']]) {
  test(`register, add a plate, find, book and cancel: ${width} px, ${language}`, { skip, timeout: 300_000 }, async (t) => {
    const place = await garage(t);
    const browser = await openBrowser(t);
    const page = await device(t, browser, { width, language, base: place.base });
    const w = words[language];

    await page.goto('/#/driver/find');
    await page.getByRole('radio', { name: w.register }).check();
    await page.locator('input[name=name]').fill('<img src=x onerror=alert(1)>');
    await page.locator('input[name=phone]').fill('+4917139200' + width);
    await page.locator('input[name=password]').fill('a-password-of-mine');
    await assertSound(page, 'registering');
    await page.locator('form button[type=submit]').click();
    await page.getByRole('link', { name: w.me }).filter({ visible: true }).click();
    await page.locator('input[name=plate]').fill('M-AB 12');
    await page.locator('form', { has: page.locator('input[name=plate]') }).getByRole('button', { name: w.add, exact: true }).click();
    await page.locator('.plate').first().waitFor();
    assert.match(await page.locator('.plate').first().innerText(), /MAB12/);

    const me = new Person(place.server);
    await me.login('+4917139200' + width, 'a-password-of-mine');
    const { body } = await me.get('/me');
    await place.staff.post(`/accounts/${body.account}/credits`, { amount: { minor: 50_000, currency: 'EUR' }, reference: `c${width}` });

    await page.goto('/#/driver/find');
    await page.getByRole('button', { name: w.search }).click();
    const offer = page.locator('.offer').first();
    await offer.waitFor();
    await offer.locator('button[aria-expanded]').click();
    await offer.locator('.total').waitFor();
    assert.match(await offer.locator('.total').innerText(), /2[.,]00/); // two hours of 1.00 EUR
    await assertSound(page, 'offers');
    await offer.locator('button.primary').click();
    await page.locator('dialog .total').waitFor();
    await page.locator('dialog button.primary').click();
    await page.waitForURL(/#\/driver\/bookings\/bkg-/);
    await page.getByRole('button', { name: w.cancel }).waitFor();
    await assertSound(page, 'the booking');
    await page.getByRole('button', { name: w.cancel }).click();
    await page.locator('dialog button.danger').click();
    await page.getByText(w.noShow, { exact: true }).first().waitFor();
    const { body: list } = await me.get('/me/bookings');
    assert.equal(list.items[0].end_reason, 'cancelled');
  });
}

test('two drivers race for one bay in two browsers: one has it, the other is told what to do', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const other = new Person(place.server);
  const { account } = await other.post('/register', { phone: '+491713920009', password: 'driver-of-the-test', name: 'Other' });
  await other.login('+491713920009', 'driver-of-the-test');
  await other.post('/me/vehicles', { plate: 'M-XY 2' });
  await place.staff.post(`/accounts/${account}/credits`, { amount: { minor: 50_000, currency: 'EUR' }, reference: 'second' });
  const browser = await openBrowser(t);
  const pages = [];
  for (const person of [place.driver, other]) {
    const page = await device(t, browser, { person, base: place.base });
    await page.goto('/#/driver/find');
    await page.getByRole('button', { name: words.en.search }).click();
    await page.locator('.offer button.primary').click();
    await page.locator('dialog .total').waitFor();
    pages.push(page);
  }
  await Promise.all(pages.map((page) => page.locator('dialog button.primary').click()));
  const ends = await Promise.all(
    pages.map((page) => Promise.race([page.waitForURL(/bookings\/bkg-/).then(() => 'booked'), page.locator('dialog .trouble', { hasText: words.en.taken }).waitFor().then(() => 'refused')])),
  );
  assert.deepEqual([...ends].sort(), ['booked', 'refused']);
  const loser = pages[ends.indexOf('refused')];
  await assertSound(loser, 'the refusal');
  await loser.locator('dialog').getByRole('button', { name: words.en.search }).click();
  await loser.getByText(/No bay is free/).waitFor();
  const { body } = await place.staff.get('/stats');
  assert.equal(body.overlaps, 0);
  assert.equal(body.bookings, 1);
});

test('a bay reached by its code is held on the spot, and others see it reserved', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { person: place.driver, base: place.base, language: 'zh' });
  await page.goto('/#/driver/scan');
  await page.locator('input[name=code]').fill(`https://example.org/#/bay/${place.bays[1]}`);
  await assertSound(page, 'scanning');
  await page.locator('form button[type=submit]').click();
  await page.getByRole('button', { name: words.zh.hold }).click();
  await page.waitForURL(/bookings\/bkg-/);
  const stranger = await device(t, browser, { base: place.base, width: widths.desk });
  await stranger.goto('/');
  await stranger.locator(`[data-bay="${place.bays[1]}"][data-state=held]`).waitFor();
});

test('charging live: power, energy and cost while it runs, then the receipt', { skip, timeout: 300_000 }, async (t) => {
  const place = await chargingSite(t, 'CP-WEB');
  const car = await ChargingCar.arrive(t, place, 'CP-WEB');
  const browser = await openBrowser(t);
  const page = await device(t, browser, { person: place.driver, base: await pagesOf(t, place.server) });
  await page.goto(`/#/driver/bookings/${car.booking}`);
  const started = car.start();
  await page.getByRole('button', { name: words.en.start }).click();
  await started;
  await car.meter(2.5, 7.4);
  await car.meter(4.0, 7.4);
  await page.locator('.big', { hasText: '7.4' }).waitFor();
  await page.locator('.big', { hasText: /^[1-3]\.\d\d/ }).first().waitFor();
  await assertSound(page, 'charging');

  // What a station says of itself is text, whatever it looks like.
  const desk = await device(t, browser, { person: place.staff, base: await pagesOf(t, place.server), width: widths.desk });
  await desk.goto('/#/operator/stations');
  await desk.locator('.stations a.item', { hasText: 'CP-WEB' }).click();
  await desk.getByText('<b>Other</b>').waitFor();
  await assertSound(desk, 'the station');
  await desk.getByRole('link', { name: 'Messages' }).click();
  await desk.locator('.messages summary', { hasText: 'StartTransaction' }).first().click();
  await desk.locator('select[name=message-by]').selectOption('station');
  await desk.locator('input[name=message-action]').fill('StartTransaction');
  await desk.keyboard.press('Enter');
  await desk.locator('.messages li').nth(0).waitFor();
  assert.equal(await desk.locator('.messages li').count(), 1);
  await desk.getByText(`***${car.idTag.slice(-2)}`).waitFor({ state: 'attached' });
  await desk.getByLabel(/tokens and plates/).check();
  await desk.getByText(car.idTag).waitFor({ state: 'attached' });
  await assertSound(desk, 'the messages of the station');

  const stopped = car.stop(8.0);
  await page.getByRole('button', { name: words.en.stop }).click();
  await page.locator('dialog button.primary').click();
  await stopped;
  await car.leave();
  await page.getByRole('heading', { name: words.en.receipt }).waitFor();
  assert.match(await page.locator('.bill').innerText(), /7\.00 kWh × €0\.50\/kWh/);
  await assertSound(page, 'the receipt');
});
