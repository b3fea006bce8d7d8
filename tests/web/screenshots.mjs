// Pictures of the main pages with the town living behind them: node tests/web/screenshots.mjs <directory>
// Each is a page at one width, in one language and light; they are looked at before they are kept.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { eventually, Person, simProgram, within } from '../e2e/program.mjs';
import { dev_server } from '../../web/dev.mjs';

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

// A bay that is free now is booked and used as the demo's driver would: the town's own cars do the charging.
async function ready({ people }) {
  await eventually(async () => (await people.operator.get('/stats')).body, (stats) => stats.charging_sessions >= 25, 'the town is busy', 600_000);
  const { body } = await people.driver.get('/me/bookings?limit=50');
  const closed = body.items.find((one) => one.charged?.minor > 0 && one.sessions) ?? body.items[0];
  const owned = (await people.owner.get('/sites')).body.items[0].site;
  const bays = (await people.owner.get(`/sites/${owned}/bays?limit=200`)).body.items;
  return { closed, ownBay: bays.find((bay) => bay.owner)?.bay, busy: bays.find((bay) => bay.state === 'charging')?.bay };
}

const search = async (page) => {
  await page.locator('button[type=submit]').first().click();
  await page.locator('.offer').first().waitFor();
};

function pictures({ closed, ownBay, busy }) {
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
  const offers = async (page) => (await offer(page), await page.locator('.offer').first().scrollIntoViewIfNeeded(), await page.mouse.wheel(0, 420));
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
    ['driver-booking', 1440, 'zh', 'light', 'driver', `#/driver/bookings/${closed?.booking}`],
    ['driver-booking-phone', 360, 'en', 'light', 'driver', `#/driver/bookings/${closed?.booking}`],
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

try {
  await mkdir(out, { recursive: true });
  const place = await town();
  let base = place.server.url;
  if (process.env.WEB_DIST) {
    const files = dev_server(base).listen(0, '127.0.0.1');
    await once(files, 'listening');
    t.after(() => (files.closeAllConnections(), files.close()));
    base = `http://127.0.0.1:${files.address().port}`;
  }
  const what = await ready(place);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  const only = process.env.ONLY && new RegExp(process.env.ONLY);
  for (const picture of pictures(what).filter(([name]) => !only || only.test(name))) await take(browser, base, place.people, picture);
} finally {
  for (const end of ends) await end();
}
