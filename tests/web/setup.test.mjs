// First run in the browser: from an empty directory to a site with bays from a plan, a tariff, an owner and a charger that
// has called.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Charger } from '../conformance/charging_site.mjs';
import { assertSound, device, directory, init, openBrowser, operatorOf, pagesOf, Server, skip, widths } from './browser.mjs';
import { operator } from '../e2e/program.mjs';

const xss = '<img src=x onerror="document.title=1">';
const plan = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">
  <script>document.title = 1</script>
  <rect id="P-1" x="0" y="0" width="250" height="500"/>
  <rect id="P-2" x="250" y="0" width="250" height="500"/>
  <rect id="P-2" x="500" y="0" width="250" height="500"/>
  <g transform="rotate(3)"><rect id="P-4" x="500" y="0" width="250" height="500"/></g>
</svg>`;

test('from nothing to a charger that calls, on one page', { skip, timeout: 300_000 }, async (t) => {
  const dataDir = await directory(t);
  await init(dataDir);
  const server = await Server.start(t, dataDir);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: await pagesOf(t, server), width: widths.desk });
  // Where `init` sends its operator: signing in leads on.
  await page.goto('/#/setup');
  await page.locator('input[name=phone]').fill(operator.phone);
  await page.locator('input[name=password]').fill(operator.password);
  await page.locator('form button[type=submit]').click();
  await page.locator('input[name=site-name]').fill('Am Anger');
  await page.locator('select[name=zone]').selectOption('Europe/Berlin');
  await page.locator('input[name=latitude]').fill('48.137');
  await page.locator('input[name=longitude]').fill('11.575');
  await page.locator('input[name=community]').fill('+491713920077');
  await assertSound(page, 'setup: the site');
  await page.getByRole('button', { name: 'Make the site' }).click();

  await page.locator('input[name=tariff]').fill('Standard');
  await page.getByText('What would it cost?').click();
  await page.getByRole('button', { name: 'Work it out' }).click();
  await page.locator('.total').waitFor();
  assert.match(await page.locator('.total').innerText(), /19\.00/); // 4 h parking at 1.00 and 30 kWh at peak 0.50
  await assertSound(page, 'setup: the tariff');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('dialog button.primary').click();

  await page.getByRole('radio', { name: 'From a file' }).check();
  const text = page.locator('textarea[name=plan]');
  await text.fill(`label,east_m,north_m\n${xss.slice(0, 20)},1,x\n,0,0`);
  await page.locator('.bad-rows tbody tr').nth(1).waitFor();
  const rows = await page.locator('.bad-rows tbody tr').allInnerTexts();
  assert.deepEqual(rows.map((row) => row.split('\t').slice(0, 2).join(' ')), ['2 north_m', '3 label']);
  await text.fill(plan);
  await page.getByText('2 bays', { exact: true }).waitFor();
  assert.equal(await page.locator('.bad-rows tbody tr').count(), 2, 'the label that comes twice and the turned one');
  await assertSound(page, 'setup: the plan');
  await page.getByRole('button', { name: 'Make 2 bays' }).click();

  await page.locator('input[name=owner-phone]').fill('+491713920078');
  await page.locator('input[name=owner-name]').fill('Owner');
  await page.getByRole('button', { name: 'Give the bay' }).click();

  await page.locator('input[name=identity]').fill('CP-17');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.locator('.secret', { hasText: '/ocpp/CP-17' }).waitFor();
  const password = await page.locator('.card', { hasText: '/ocpp/CP-17' }).locator('.secret').nth(1).innerText();
  await page.getByRole('button', { name: 'Put there' }).click();
  await page.getByText('Waiting for the charger').waitFor();
  await assertSound(page, 'setup: waiting');

  const charger = await Charger.connect(t, { server }, 'CP-17', 'ocpp1.6', { password });
  await charger.call('BootNotification', { chargePointVendor: 'Other', chargePointModel: 'Judge' });
  await page.getByText(/Everything a site needs/).first().waitFor();
  await page.getByRole('link', { name: 'Open the garage' }).click();
  await page.locator('.plan [data-bay]').nth(1).waitFor();
  const staff = await operatorOf(server);
  const site = (await staff.get('/sites')).body.items[0];
  assert.equal(site.bays.all, 2);
  const bays = (await staff.get(`/sites/${site.site}/bays`)).body.items;
  assert.deepEqual(bays.map(({ label, east_m }) => [label, east_m]), [['P-1', 1.3], ['P-2', 3.8]]);
  assert.notEqual(await page.title(), '1');
});
