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
import { ChargingCar } from './charging.mjs';

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
  const { sessions } = (await place.driver.get(`/bookings/${car.booking}`)).body;
  const stopped = car.stop(8.4);
  await place.driver.post(`/sessions/${sessions[0]}/stop`);
  await stopped;
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
  if (!only || only.test('driver-charging driver-receipt')) await charging(browser);
  if (!only || !/charging|receipt/.test(process.env.ONLY)) {
    const place = await town();
    const base = await pages_of(place.server);
    const what = await ready(place);
    for (const picture of pictures(what).filter(([name]) => !only || only.test(name))) await take(browser, base, place.people, picture);
  }
} finally {
  for (const end of ends) await end();
}
