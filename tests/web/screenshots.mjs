// Pictures of the main pages with the town living behind them: node tests/web/screenshots.mjs <directory>
// Each is a page at one width, in one language and light; they are looked at before they are kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { eventually, Person, simProgram, within } from '../e2e/program.mjs';
import { chargingSite } from '../conformance/charging_site.mjs';
import { dev_server } from '../../web/dev.mjs';
import { garage } from './browser.mjs';
import { ChargingCar } from './charging.mjs';
import { shift, station, tab, wrong_parkers } from './pictures.mjs';

const [out] = process.argv.slice(2);
if (!out) {
  console.error('usage: node tests/web/screenshots.mjs <directory>');
  process.exit(2);
}

const ends = [];
const t = { after: (end) => ends.unshift(end) };

async function town() {
  const child = spawn(simProgram, ['demo', '--port', '0', '--speed', '60', '--seed', '1']);
  t.after(async () => {
    child.kill('SIGINT');
    await once(child, 'close');
  });
  let output = '';
  const welcomed = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      output += data;
      if (output.includes('stop with Ctrl-C')) resolve();
    });
  });
  child.stderr.resume();
  await within(welcomed, 180_000, 'the demo says where it is');
  const server = { url: /at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)[1] };
  const people = {};
  for (const role of ['driver', 'owner', 'property', 'operator']) {
    const [, phone, password] = new RegExp(`${role} .*?(\\+\\d+) +password (\\S+)`).exec(output);
    people[role] = await new Person(server).login(phone, password);
  }
  return { server, people };
}

async function ready({ people }) {
  await eventually(async () => (await people.operator.get('/stats')).body, (stats) => stats.charging_sessions >= 25, 'the town is busy', 600_000);
  const owned = (await people.owner.get('/sites')).body.items[0].site;
  const bays = (await people.owner.get(`/sites/${owned}/bays?limit=200`)).body.items;
  return { ownBay: bays.find((bay) => bay.owner)?.bay, busy: bays.find((bay) => bay.state === 'charging')?.bay };
}

const search = async (page) => {
  await page.locator('button[type=submit]').first().click();
  await page.locator('.offer').first().waitFor();
};

function pictures({ ownBay, busy }) {
  const map = async (page) => {
    await page.locator('input[name=energy]').fill('12');
    await search(page);
    await page.getByRole('radio', { name: 'Map' }).check();
    await page.locator('.map').scrollIntoViewIfNeeded();
  };
  const offer = async (page) => {
    await page.locator('input[name=energy]').fill('12');
    await search(page);
    await page.locator('.offer button[aria-expanded]').first().click();
    await page.locator('.offer .total').first().waitFor();
  };
  const offers = async (page) => (await offer(page), await page.locator('.offer').first().evaluate((card) => scrollTo(0, card.offsetTop - 130)));
  const quote = async (page) => (await page.getByRole('button', { name: 'Work it out' }).click(), await page.locator('.total').waitFor());
  const week = async (page) => {
    await page.locator('.buttons .small.primary').first().click();
    await page.locator('.week').scrollIntoViewIfNeeded();
  };
  return [
    ['live', 1440, 'en', 'light', null, '#/'],
    ['live-phone', 360, 'zh', 'dark', null, '#/'],
    ['driver-find', 1440, 'en', 'light', 'driver', '#/driver/find', offer],
    ['driver-find-phone', 360, 'zh', 'light', 'driver', '#/driver/find', offers],
    ['driver-map-phone', 360, 'en', 'dark', 'driver', '#/driver/find', map],
    ['driver-me-phone', 360, 'zh', 'light', 'driver', '#/driver/me'],
    ['owner-bay', 1440, 'en', 'light', 'owner', `#/owner/bays/${ownBay}`],
    ['owner-week-phone', 360, 'zh', 'light', 'owner', `#/owner/bays/${ownBay}`, week],
    ['owner-earnings-phone', 360, 'en', 'dark', 'owner', '#/owner/earnings'],
    ['property-plan', 1440, 'zh', 'dark', 'property', '#/property/plan'],
    ['property-plan-phone', 360, 'en', 'light', 'property', '#/property/plan'],
    ['property-bay', 1440, 'en', 'light', 'property', `#/property/bay/${busy}`],
    ['property-day', 1440, 'en', 'light', 'property', '#/property/day'],
    ['property-prices', 1440, 'en', 'light', 'property', '#/property/prices', quote],
    ['property-people-phone', 360, 'zh', 'light', 'property', '#/property/people'],
    ['operator-sites-phone', 360, 'en', 'light', 'operator', '#/operator/sites'],
    ['operator-stations', 1440, 'zh', 'light', 'operator', '#/operator/stations'],
    ['operator-reports', 1440, 'en', 'light', 'operator', '#/operator/reports'],
    ['operator-reports-phone', 360, 'zh', 'dark', 'operator', '#/operator/reports'],
  ];
}

async function take(browser, base, people, [name, width, language, colorScheme, role, address, act]) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 780 : 900 }, colorScheme, locale: language === 'zh' ? 'zh-CN' : 'en-GB', serviceWorkers: 'block', reducedMotion: 'reduce', baseURL: base });
  context.setDefaultTimeout(60_000);
  await context.addInitScript((chosen) => localStorage.setItem('language', chosen), language);
  if (role) await context.addInitScript((token) => sessionStorage.setItem('token', token), people[role].token);
  const page = await context.newPage();
  await page.goto(`/${address}`);
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => !document.querySelector('.loading, .quiet[role=status]'));
  if (act) await act(page);
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined); // the feed never ends: a moment is enough
  await page.screenshot({ path: path.join(out, `${name}.png`) });
  console.log(`${name}.png`);
  await context.close();
}

// The pages with a server behind them: its own, or the files of WEB_DIST.
async function pages_of(server) {
  if (!process.env.WEB_DIST) return server.url;
  const files = dev_server(server.url).listen(0, '127.0.0.1');
  await once(files, 'listening');
  t.after(() => (files.closeAllConnections(), files.close()));
  return `http://127.0.0.1:${files.address().port}`;
}

// Danger at the car that charges, and its end.
async function alarm(browser, place, car, base) {
  const people = { driver: place.driver };
  const fault = (errorCode) => car.charger.call('StatusNotification', { connectorId: 1, errorCode, status: errorCode === 'NoError' ? 'Charging' : 'Faulted', timestamp: new Date().toISOString() });
  await fault('HighTemperature');
  const shown = async (page) => void (await page.locator('dialog.alarm').waitFor());
  await take(browser, base, people, ['driver-alarm', 1440, 'en', 'light', 'driver', '#/driver/wallet', shown]);
  await take(browser, base, people, ['driver-alarm-phone', 360, 'zh', 'dark', 'driver', '#/driver/wallet', shown]);
  await car.stop(8.4); // danger stops the charging
  await fault('NoError');
}

// A new site step by step, and what is between driver, office and operator when money is in doubt.
async function office(browser) {
  const place = await garage(t, { config: '[payments]\nprovider = "test"\n' });
  const start = Math.floor(Date.now() / 900_000) * 900_000;
  for (const [bay, reason, text] of [[0, 'charging', 'The charger showed 4 kWh, the bill says 7.'], [1, 'overstay', '我十点已经离开。']]) {
    const { booking } = await place.driver.post('/bookings', { bay: place.bays[bay], vehicle: place.driver.vehicle, start: new Date(start).toISOString(), end: new Date(start + 7_200_000).toISOString() });
    await place.driver.post(`/bookings/${booking}/arrive`);
    await place.driver.post(`/bookings/${booking}/leave`);
    await eventually(async () => (await place.driver.get(`/bookings/${booking}`)).body, ({ phase }) => phase === 'closed', 'the bill');
    await place.driver.post(`/bookings/${booking}/dispute`, { reason, text });
  }
  const { payment } = await place.driver.post('/me/top-ups', { amount: { minor: 5000, currency: 'EUR' } });
  await place.driver.post(`/payments/${payment}/test`, { paid: true });
  const people = { driver: place.driver, property: place.property, operator: place.staff };
  const search = async (page) => void (await page.locator('.audit summary').nth(1).click());
  const plan = async (page) => {
    await page.getByRole('radio', { name: /From a file|从文件/ }).check();
    await page.locator('textarea[name=plan]').fill('label,east_m,north_m,level\nP-1,0,0,0\nP-2,2.5,0,0\nP-3,5,0,0\nP-3,7.5,0,0\nP-5,far,0,0');
    await page.locator('.bad-rows').scrollIntoViewIfNeeded();
  };
  const disputes = tab(/Disputed bills|账单异议/);
  const rules = tab(/Alarm rules|警报规则/);
  for (const picture of [
    ['property-disputes', 1440, 'en', 'light', 'property', '#/property/attention', disputes],
    ['property-disputes-phone', 360, 'zh', 'light', 'property', '#/property/attention', disputes],
    ['property-alarm-rules', 1440, 'en', 'light', 'property', '#/property/attention', rules],
    ['property-alarm-rules-phone', 360, 'zh', 'dark', 'property', '#/property/attention', rules],
    ['operator-audit', 1440, 'en', 'light', 'operator', '#/operator/audit', search],
    ['operator-audit-phone', 360, 'zh', 'light', 'operator', '#/operator/audit', search],
    ['driver-wallet', 1440, 'en', 'light', 'driver', '#/driver/wallet'],
    ['driver-wallet-phone', 360, 'zh', 'light', 'driver', '#/driver/wallet'],
  ]) await take(browser, place.base, people, picture);
  const empty = await place.staff.post('/sites', { name: 'Am Anger', place: { latitude: 48.1, longitude: 11.5 }, currency: 'EUR', time_zone: 'Europe/Berlin', community: (await place.owner.get('/me')).body.account });
  const there = async (page, act) => {
    await page.locator('.site-choice select').selectOption(empty.site);
    await page.locator('.setup .now input[name=tariff], .setup .now textarea, .setup .now input[name=count]').first().waitFor();
    await act?.(page);
  };
  await take(browser, place.base, people, ['operator-setup-phone', 360, 'zh', 'light', 'operator', '#/setup', there]);
  await place.staff.post(`/sites/${empty.site}/tariffs`, { name: 'Flat', currency: 'EUR', parking_rates: { valley: 1_000_000, flat: 1_000_000, peak: 1_000_000, sharp: 1_000_000 }, rules: [] });
  await take(browser, place.base, people, ['operator-setup', 1440, 'en', 'light', 'operator', '#/setup', (page) => there(page, plan)]);
}

// Live charging and its receipt, at a charger that is not ours.
async function charging(browser) {
  const place = await chargingSite(t, 'CP-PICTURE');
  const car = await ChargingCar.arrive(t, place, 'CP-PICTURE');
  const started = car.start();
  await place.driver.post(`/bookings/${car.booking}/charge`);
  await started;
  for (const [kwh, kw] of [[2, 3.7], [3, 7.2], [4.1, 10.8], [5.4, 11], [6.6, 10.9], [8.2, 10.6]]) await car.meter(kwh, kw);
  const base = await pages_of(place.server);
  const address = `#/driver/bookings/${car.booking}`;
  const live = async (page) => void (await page.locator('.big').nth(2).waitFor());
  const people = { driver: place.driver };
  await take(browser, base, people, ['driver-charging', 1440, 'zh', 'light', 'driver', address, live]);
  await take(browser, base, people, ['driver-charging-phone', 360, 'en', 'dark', 'driver', address, live]);
  await alarm(browser, place, car, base);
  await car.leave();
  const receipt = async (page) => {
    await page.locator('.bill .total').waitFor();
    await page.locator('.bill').evaluate((bill) => scrollTo(0, bill.offsetTop - 160));
  };
  await eventually(async () => (await place.driver.get(`/bookings/${car.booking}`)).body, ({ phase }) => phase === 'closed', 'the bill');
  await take(browser, base, people, ['driver-receipt-phone', 360, 'zh', 'light', 'driver', address, receipt]);
}

try {
  await mkdir(out, { recursive: true });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  const only = process.env.ONLY && new RegExp(process.env.ONLY);
  const one = (base, people, picture) => take(browser, base, people, picture);
  const places = {
    charging: () => charging(browser),
    office: () => office(browser),
    shift: () => shift(t, one, pages_of),
    claims: () => wrong_parkers(t, one, pages_of),
    station: () => station(t, one, pages_of),
  };
  const named = process.env.ONLY in places ? [process.env.ONLY] : [];
  for (const [name, make] of Object.entries(places)) if (!only || named.includes(name)) await make();
  if (!only || named.length === 0) {
    const place = await town();
    const base = await pages_of(place.server);
    const what = await ready(place);
    for (const picture of pictures(what).filter(([name]) => !only || only.test(name))) await take(browser, base, place.people, picture);
  }
} finally {
  for (const end of ends) await end();
}
