// What the tests of the terminals share: Debian's Chromium, people signed in, and the rules every page has to keep.
// WEB_DIST=<directory> takes the pages from there (web/dev.mjs) instead of the server, for work on the pages alone.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer as createTcpServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { directory, init, operatorOf, Person, Server, smallSite } from '../e2e/program.mjs';
import { dev_server } from '../../web/dev.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const widths = { phone: 360, desk: 1440 };
export const skip = existsSync(executablePath) ? false : `there is no ${executablePath}: apt-get install chromium`;

export { directory, init, operatorOf, Person, Server, smallSite };

// One browser for a file of tests.
export async function openBrowser(t) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
  t.after(() => browser.close());
  return browser;
}

// Where the pages are: the server's own address, or the files of WEB_DIST with the server behind them.
export async function pagesOf(t, server) {
  if (!process.env.WEB_DIST) return server.url;
  const files = dev_server(server.url).listen(0, '127.0.0.1');
  await once(files, 'listening');
  t.after(() => (files.closeAllConnections(), files.close()));
  return `http://127.0.0.1:${files.address().port}`;
}

// A wire between browser and platform that can be cut and mended.
export class Wire {
  static async to(t, target) {
    const wire = new Wire();
    const { hostname, port } = new URL(target);
    wire.sockets = new Set();
    wire.whole = true;
    wire.server = createTcpServer((near) => {
      if (!wire.whole) return near.destroy();
      const far = connect(Number(port), hostname);
      for (const [one, other] of [[near, far], [far, near]]) {
        wire.sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => (wire.sockets.delete(one), other.destroy()));
        one.pipe(other);
      }
    });
    wire.server.listen(0, '127.0.0.1');
    await once(wire.server, 'listening');
    wire.url = `http://127.0.0.1:${wire.server.address().port}`;
    t.after(() => (wire.cut(), wire.server.close()));
    return wire;
  }
  cut() {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }
  mend() {
    this.whole = true;
  }
}

// A page of its own browser context: a person at a device. What the page complains of is kept in `complaints`.
export async function device(t, browser, { width = widths.phone, language = 'en', person, base, scheme = 'light', workers = false }) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 780 : 900 },
    hasTouch: width < 600,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    serviceWorkers: workers ? 'allow' : 'block',
    locale: language === 'zh' ? 'zh-CN' : 'en-GB',
    baseURL: base,
  });
  t.after(() => context.close());
  context.setDefaultTimeout(45_000);
  await context.addInitScript((chosen) => localStorage.setItem('language', localStorage.getItem('language') ?? chosen), language);
  if (person?.token) await context.addInitScript((token) => sessionStorage.getItem('out') || sessionStorage.setItem('token', sessionStorage.getItem('token') ?? token), person.token);
  const page = await context.newPage();
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    const expected = /Failed to load resource|Service Worker registration blocked/;
    if (message.type() === 'error' && !expected.test(message.text())) page.complaints.push(message.text());
  });
  return page;
}

// axe-core finds nothing, nothing is wider than the screen, the page complained of nothing.
export async function assertSound(page, what) {
  // Through the debugger's door, so that the page's own policy stays as strict as it is.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join('\n    ')}`);
  assert.deepEqual(told, [], `${what}: axe\n${told.join('\n')}`);
  const { wide, width } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, width: innerWidth }));
  assert.ok(wide <= width, `${what}: ${wide} px wide on a screen of ${width}`);
  assert.deepEqual(page.complaints, [], what);
}

export async function signIn(page, phone, password) {
  await page.goto('/#/sign-in');
  await page.locator('input[name=phone]').fill(phone);
  await page.locator('input[name=password]').fill(password);
  await page.locator('form button[type=submit]').click();
}

export async function personOf(server, phone, password) {
  return new Person(server).login(phone, password);
}

// The small site of the end-to-end tests, with bays that have places, and its people.
// `config`: TOML of the server, for what is off by default.
export async function garage(t, { bays = 8, config = '' } = {}) {
  const dataDir = await directory(t);
  await init(dataDir);
  const file = path.join(dataDir, 'server.toml');
  if (config) writeFileSync(file, config);
  const server = await Server.start(t, dataDir, config ? ['--config', file] : []);
  const small = await smallSite(server, { bays });
  for (const [index, bay] of small.bays.entries()) {
    const changed = await small.staff.call('PATCH', `/bays/${bay}`, { level: index < bays / 2 ? '0' : '-1', east_m: (index % 4) * 2.5, north_m: 0 });
    assert.equal(changed.status, 200);
  }
  await small.staff.post('/accounts', { phone: '+491713920003', name: 'Office', password: 'office-of-the-test', roles: ['property'], property_of: [small.site] });
  const owner = await personOf(server, '+491713920001', 'owner-of-the-test');
  const property = await personOf(server, '+491713920003', 'office-of-the-test');
  return { ...small, owner, property, server, base: await pagesOf(t, server) };
}

