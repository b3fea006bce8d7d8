// See bench/web/run. One server, one browser, one page; changes come at a steady pace from a property office's token.
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { dev_server } from '../../web/dev.mjs';
import { directory, eventually, init, Server, smallSite } from '../../tests/e2e/program.mjs';

const limits = { pixel_ms: 150, first_load_bytes: 200_000 };
const bays = 300;
const paces = { steady: 20, burst: 300 }; // changes a second

const ends = [];
const t = { after: (end) => ends.unshift(end) };
const percentile = (values, part) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

// In the page, before anything of it runs: when every bay of the plan has been painted and the page answers again.
const watch_start = (bays) => {
  const observer = new MutationObserver(() => {
    if (document.querySelectorAll('.plan [data-bay]').length < bays) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => (globalThis.interactive_ms = Math.round(performance.now())); // since the navigation began
      channel.port2.postMessage(0);
    });
  });
  observer.observe(document, { subtree: true, childList: true });
};

async function open(browser, url, token) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', reducedMotion: 'reduce' });
  await context.addInitScript((kept) => sessionStorage.setItem('token', kept), token);
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  const parts = new Map();
  let bytes = 0;
  client.on('Network.responseReceived', ({ requestId, response }) => parts.set(requestId, new URL(response.url).pathname));
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!parts.get(requestId)?.startsWith('/api/')) bytes += encodedDataLength;
  });
  await page.addInitScript(watch_start, bays);
  await page.goto(`${url}/#/property/plan`);
  await page.waitForFunction(() => globalThis.interactive_ms !== undefined);
  return { page, first_load_bytes: bytes, interactive_ms: await page.evaluate(() => globalThis.interactive_ms) };
}

// In the page: notes when a bay's new state has been drawn.
const watch = () => {
  globalThis.drawn = [];
  const seen = (records) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel(); // after the frame has been painted
      channel.port1.onmessage = () => {
        for (const { target } of records) globalThis.drawn.push([target.dataset.bay, target.dataset.state, Date.now()]);
      };
      channel.port2.postMessage(0);
    });
  new MutationObserver(seen).observe(document.querySelector('.plan'), { subtree: true, attributeFilter: ['data-state'] });
};

// Every bay once, at a steady pace: out of service or back. Key of the change -> when it was asked for.
async function change_bays(place, in_service, per_second) {
  const sent = new Map();
  const began = Date.now();
  for (let i = 0; i < bays; ++i) {
    const bay = place.bays[(i * 7) % bays]; // all over the plan
    const wait = began + (i * 1000) / per_second - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    sent.set(`${bay}|${in_service ? 'free' : 'out_of_service'}`, Date.now());
    void place.staff.call('PUT', `/bays/${bay}/service`, { in_service });
  }
  return sent;
}

// When the platform decided each change, by its own journal: bay -> time. The lists follow the journal, so they are waited for.
async function decided(place, since) {
  const times = new Map();
  let cursor = '';
  const query = `word=BayServiceChanged&limit=200&from=${new Date(since).toISOString()}`;
  await eventually(async () => {
    const { body } = await place.staff.get(`/audit?${query}${cursor}`);
    for (const { at, events } of body.items) times.set(events[0].data.BayServiceChanged.bay, Date.parse(at));
    cursor = body.next ? `&cursor=${body.next}` : '';
    return times.size;
  }, (found) => found >= bays, 'every change is in the audit', 30_000);
  return times;
}

const told = (what, waits) => console.log(`${what}: p50 ${percentile(waits, 0.5)} ms, p95 ${percentile(waits, 0.95)} ms, most ${Math.max(...waits)} ms`);

// From the platform's decision (made durable, sent through the feed) to the frame that shows it; and from the request.
async function event_to_pixel(page, place, in_service, per_second) {
  await page.evaluate(() => void (globalThis.drawn = []));
  const began = Date.now();
  const sent = await change_bays(place, in_service, per_second);
  const count = () => page.evaluate(() => new Set(globalThis.drawn.map(([bay, state]) => `${bay}|${state}`)).size);
  await eventually(count, (found) => found >= sent.size, 'every change is drawn', 30_000);
  const first = new Map();
  for (const [bay, state, at] of await page.evaluate(() => globalThis.drawn)) if (!first.has(`${bay}|${state}`)) first.set(`${bay}|${state}`, at);
  const times = await decided(place, began);
  const from_event = [...sent.keys()].map((change) => first.get(change) - times.get(change.split('|')[0]));
  told(`event to pixel, ${bays} bays at ${per_second} a second`, from_event);
  told('  and from the request to the decision', [...sent].map(([change, at]) => times.get(change.split('|')[0]) - at));
  return percentile(from_event, 0.95);
}

try {
  const dataDir = await directory(t);
  await init(dataDir);
  const server = await Server.start(t, dataDir, ['--rate-limit-scale', '50']);
  const place = await smallSite(server, { bays });
  for (const [i, bay] of place.bays.entries()) await place.staff.call('PATCH', `/bays/${bay}`, { east_m: (i % 30) * 2.5, north_m: Math.floor(i / 30) * 8 });
  let url = server.url;
  if (process.env.WEB_DIST) {
    const files = dev_server(url).listen(0, '127.0.0.1');
    await once(files, 'listening');
    t.after(() => (files.closeAllConnections(), files.close()));
    url = `http://127.0.0.1:${files.address().port}`;
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  await (await open(browser, url, place.staff.token)).page.context().close(); // the browser's own start isn't ours
  const { page, first_load_bytes, interactive_ms } = await open(browser, url, place.staff.token);
  await page.waitForFunction(() => document.querySelector('.link-state')?.textContent.includes(':'));
  await page.evaluate(watch);
  console.log(`first load: ${first_load_bytes} bytes compressed (limit ${limits.first_load_bytes})`);
  console.log(`until the plan of ${bays} bays can be used: ${interactive_ms} ms`);
  const steady = await event_to_pixel(page, place, false, paces.steady);
  const p95 = Math.max(steady, await event_to_pixel(page, place, true, paces.burst));
  console.log(`web ours=${p95} peer=${limits.pixel_ms} ratio=${(limits.pixel_ms / Math.max(1, p95)).toFixed(2)}`);
  process.exitCode = p95 <= limits.pixel_ms && first_load_bytes <= limits.first_load_bytes ? 0 : 1;
} finally {
  for (const end of ends) await end();
}
