// The owner's, the property office's and the operator's journeys in a browser against the real server.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { assertSound, device, directory, garage, init, openBrowser, operatorOf, pagesOf, Person, Server, signIn, skip, widths } from './browser.mjs';
import { operator, run } from '../e2e/program.mjs';

const xss = '<img src=x onerror="document.title=1">';

test('owner: hours drawn by keyboard and by finger, an exception, and undo', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const bay = place.bays[0];
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.owner });
  await page.goto(`/#/owner/bays/${bay}`);
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('button', { name: 'Clear' }).click();

  // Keyboard: Monday 08:00, Space, then three more half hours with Shift and the arrow.
  await page.locator('[data-cell="0,16"]').focus();
  await page.keyboard.press('Space');
  for (let i = 0; i < 3; ++i) await page.keyboard.press('Shift+ArrowDown');
  // Pointer: Tuesday 10:00 to 12:00 by dragging.
  const from = await page.locator('[data-cell="1,20"]').boundingBox();
  const to = await page.locator('[data-cell="1,23"]').boundingBox();
  await page.mouse.move(from.x + 5, from.y + 4);
  await page.mouse.down();
  await page.mouse.move(to.x + 5, to.y + 4, { steps: 12 });
  await page.mouse.up();
  await page.getByText('Mon 08:00–10:00; Tue 10:00–12:00').waitFor();
  await assertSound(page, 'the week');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Change' }).waitFor();
  const windows = async () => (await place.owner.get(`/bays/${bay}/windows`)).body.items;
  assert.equal((await windows()).length, 1, 'the old hours are replaced');
  assert.deepEqual((await windows())[0].week.mon, [['08:00', '10:00']]);

  await page.getByRole('button', { name: 'Add a day' }).click();
  await page.locator('form').getByRole('button', { name: 'Add' }).click();
  await page.getByText('closed', { exact: true }).waitFor();
  assert.deepEqual(Object.values((await windows())[0].exceptions), [[]]);

  await page.getByRole('button', { name: 'Share no longer' }).click();
  await page.locator('dialog button.danger').click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Change' }).waitFor();
  assert.deepEqual((await windows())[0].week.tue, [['10:00', '12:00']]);
});

test("owner: another owner's bay is neither listed nor changed", { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 2 });
  await place.staff.post('/accounts', { phone: '+491713920030', name: 'Second', password: 'owner-of-the-test', roles: ['owner'] });
  const second = await new Person(place.server).login('+491713920030', 'owner-of-the-test');
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: second });
  await page.goto('/#/owner/bays');
  await page.getByText(/No bay at this site is yours/).waitFor();
  await page.goto(`/#/owner/bays/${place.bays[0]}`);
  await page.getByRole('button', { name: 'Share no longer' }).click();
  await page.locator('dialog button.danger').click();
  await page.locator('.trouble', { hasText: 'Not yours' }).waitFor();
  assert.equal((await place.owner.get(`/bays/${place.bays[0]}/windows`)).body.items.length, 1);
});

test('property: bay out of service live, tariff published and tried, a permission given and taken back', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto(`/#/property/bay/${place.bays[0]}`);
  await page.getByRole('button', { name: 'Change the bay' }).click();
  const form = page.locator('form');
  await form.getByLabel('Label').fill(xss.slice(0, 60));
  await form.getByLabel('Group').fill('piles');
  await form.getByLabel(/Shared pile/).check();
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: xss.slice(0, 60) }).waitFor();
  await page.getByRole('button', { name: 'Take out of service' }).click();
  await page.locator('dialog button.danger').click();
  await page.getByRole('button', { name: 'Back into service' }).waitFor();
  await page.goto('/#/property/plan');
  await page.locator(`[data-bay="${place.bays[0]}"][data-state=out_of_service]`).waitFor();
  await assertSound(page, 'the plan with a strange label');

  await page.goto('/#/property/prices');
  await page.getByRole('button', { name: 'New tariff' }).click();
  await page.locator('input[name=tariff]').fill('Winter');
  await assertSound(page, 'a new tariff');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('dialog button.primary').click();
  await page.getByRole('heading', { name: 'Winter' }).waitFor();
  await page.getByRole('button', { name: 'Work it out' }).click();
  await page.locator('.total').waitFor();
  assert.match(await page.locator('.total').innerText(), /19\.00/); // 4 h parking at 1.00 and 30 kWh at peak 0.50

  await page.goto('/#/property/people');
  await page.getByRole('button', { name: 'Give a permission' }).click();
  await page.getByLabel('Phone of the resident').fill('+491713920002');
  await page.getByRole('button', { name: 'Give', exact: true }).click();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.locator('dialog button.danger').click();
  await page.getByText('No permission has been given yet.').waitFor();

  await page.goto('/#/property/day');
  await page.locator('.day-grid').waitFor();
  assert.equal(await page.locator('.day-grid g[role=list]').count(), 8);
  assert.notEqual(await page.title(), '1');
});

test('property: the code at a bay is read by a foreign reader and leads to the bay', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto(`/#/property/bay/${place.bays[0]}`);
  const picture = path.join(await directory(t), 'code.png');
  await page.locator('.qr').screenshot({ path: picture });
  const { stdout } = await run('zbarimg', ['-q', '--raw', picture]);
  assert.equal(stdout.trim(), `${place.base}/#/bay/${place.bays[0]}`);
});

test('property: residents from a file, every bad row named first, then brought in', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto('/#/property/people');
  const good = '张伟,+8613800138000,A-2,\nDriver,+49 171 3920002,,';
  await page.locator('textarea').fill(`name,phone,bay,group\n${good}\n${xss},123,Z-9,none\n,+8613800138000,A-2,`);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('2 good').waitFor();
  const bad = await page.locator('.bad-rows tbody tr').allInnerTexts();
  assert.deepEqual(bad.map((row) => row.split('\t').slice(0, 2).join(' ')), ['4 phone', '4 bay', '4 group', '5 name', '5 phone', '5 bay']);
  await assertSound(page, 'the dry run');
  assert.equal((await place.staff.get('/accounts?phone=%2B8613800138000')).body.items.length, 0, 'nothing is changed yet');
  await page.getByRole('button', { name: 'Bring in 2' }).click();
  await page.getByText('2 brought in.').waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: /First passwords/ }).click();
  const { createReadStream } = await import('node:fs');
  let text = '';
  for await (const part of createReadStream(await (await downloading).path(), 'utf8')) text += part;
  const [, name, phone, password] = /\n(张伟),\D*(\d+),([\w-]+)/.exec(text.replace(/'/g, ''));
  assert.equal(name, '张伟');
  const resident = await new Person(place.server).login(`+${phone}`, password);
  const me = (await resident.get('/me')).body;
  assert.deepEqual(me.roles, ['driver', 'owner']);
  assert.equal((await resident.get(`/bays/${place.bays[1]}`)).body.owner, me.account);
});

test('operator: from nothing to a site with a tariff, bays and a station, all in the browser', { skip, timeout: 300_000 }, async (t) => {
  const dataDir = await directory(t);
  await init(dataDir);
  const server = await Server.start(t, dataDir);
  const base = await pagesOf(t, server);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base, width: widths.desk });
  await signIn(page, operator.phone, operator.password);
  await page.goto('/#/operator/sites');
  await page.locator('input[name=site-name]').fill('Am Anger');
  await page.locator('select[name=zone]').selectOption('Europe/Berlin');
  await page.locator('input[name=latitude]').fill('48.137');
  await page.locator('input[name=longitude]').fill('11.575');
  await page.locator('input[name=community]').fill('+491713920077');
  await assertSound(page, 'a new site');
  await page.getByRole('button', { name: 'Make the site' }).click();
  await page.getByText(/1\. A tariff/).waitFor();

  await page.getByRole('link', { name: 'Go on' }).first().click();
  await page.getByRole('button', { name: 'New tariff' }).click();
  await page.locator('input[name=tariff]').fill('Standard');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('dialog button.primary').click();
  await page.getByRole('heading', { name: 'Standard' }).waitFor();

  await page.goto('/#/property/plan');
  await page.locator('input[name=count]').fill('4');
  await page.getByRole('button', { name: 'Make 4 bays' }).click();
  await page.locator('.plan [data-state=free]').nth(3).waitFor();

  await page.goto('/#/operator/stations');
  await page.locator('input[name=identity]').fill('CP-17');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await page.locator('.secret', { hasText: '/ocpp/CP-17' }).waitFor();
  await assertSound(page, 'stations');
  await page.locator('.stations a.item').click();
  await page.getByRole('button', { name: 'Put there' }).click();
  await page.locator('.served', { hasText: /A-101 · EVSE 1/ }).waitFor();
  await assertSound(page, 'the station');

  await page.goto('/#/operator/sites');
  await page.getByRole('link', { name: 'Open the garage' }).waitFor();
  await page.getByText(/1\. A tariff/).waitFor({ state: 'detached' });
  const staff = await operatorOf(server);
  const site = (await staff.get('/sites')).body.items[0];
  assert.equal(site.bays.all, 4);
  assert.deepEqual([site.bays.free, site.bays.offline], [3, 1], 'the charger has not called yet');
});

test('operator: an account with roles, found again, credited once', { skip, timeout: 300_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.staff, language: 'zh' });
  await page.goto('/#/operator/people');
  await page.locator('input[name=person]').fill(xss);
  await page.locator('input[name=new-phone]').fill('+491713920055');
  await page.locator('input[name=new-password]').fill('first-password');
  await page.getByRole('button', { name: '开立' }).click();
  await page.locator('.said', { hasText: '账户已开立' }).waitFor();
  await page.locator('input[name=find-phone]').fill('+491713920055');
  await page.getByRole('button', { name: '查找' }).click();
  await page.getByRole('heading', { name: xss }).waitFor();
  await page.locator('input[name=amount]').fill('12.34');
  await page.locator('input[name=reference]').fill('receipt-1');
  await page.getByRole('button', { name: '记账' }).click();
  await page.locator('.said', { hasText: '已记账' }).waitFor();
  await assertSound(page, 'people');
  const person = await new Person(place.server).login('+491713920055', 'first-password');
  assert.deepEqual((await person.get('/me/wallet')).body.available, [{ minor: 1234, currency: 'EUR' }]);
  assert.notEqual(await page.title(), '1');
});
