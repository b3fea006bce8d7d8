// The property office's desk in browsers: standing orders with the incident, the shift handed over and taken by two
// people, and the report.
import assert from 'node:assert/strict';
import test from 'node:test';
import { eventually } from '../e2e/program.mjs';
import { assertSound, device, garage, openBrowser, Person, skip, widths } from './browser.mjs';

const xss = '<img src=x onerror="document.title=1">';

async function second(place) {
  await place.staff.post('/accounts', { phone: '+491713920055', name: 'Nora Night', password: 'night-of-the-test', roles: ['property'], property_of: [place.site] });
  return await new Person(place.server).login('+491713920055', 'night-of-the-test');
}
// The owner of a bay may call for help there.
const trouble = (place) => place.owner.post(`/bays/${place.bays[0]}/help`);

test('standing orders are set by the office and stand beside the incident', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  await trouble(place);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto('/#/property/attention');
  await page.getByRole('radio', { name: 'Alarm rules' }).check();
  await page.getByRole('button', { name: 'Change the steps: Call for help' }).click();
  await page.locator('textarea[name=zh]').fill('查看摄像头\n报警');
  await page.locator('textarea[name=en]').fill(`Look at the camera\n${xss}`);
  await assertSound(page, 'a standing order');
  await page.locator('dialog button.primary').click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.getByRole('radio', { name: 'Alarms' }).check();
  await page.locator('summary', { hasText: 'What to do' }).click();
  await page.getByText('Look at the camera').waitFor();
  await page.getByText(xss).waitFor();
  await assertSound(page, 'the incident and what to do');
  assert.notEqual(await page.title(), '1');

  const list = await eventually(
    async () => (await place.property.get(`/sites/${place.site}/incidents`)).body,
    ({ items }) => items.length > 0,
    'the incident is in the list',
  );
  const { body: story } = await place.property.get(`/incidents/${list.items[0].incident}`);
  assert.deepEqual(story.standing_order.zh, ['查看摄像头', '报警']);
  const put = (body) => place.property.call('PUT', `/sites/${place.site}/standing-orders/smoke`, body);
  assert.equal((await put({ en: ['two\nlines'] })).status, 400);
  assert.equal((await put({ en: Array.from({ length: 25 }, () => 'x') })).status, 400);
  assert.equal((await put({ zh: [], en: [] })).status, 204);
  assert.equal((await place.property.call('PUT', `/sites/${place.site}/standing-orders/watch_list`, { en: ['x'] })).status, 404);
});

test('a shift is handed over by one and taken by the other, with what is open and a note', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const night = await second(place);
  await trouble(place);
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto('/#/property/attention');
  await page.getByRole('radio', { name: 'Shift' }).check();
  await page.getByText('Nobody has taken a shift yet').waitFor();
  await assertSound(page, 'the shift');
  await page.locator('input[name=to]').fill('+491713920055');
  await page.locator('textarea[name=note]').fill('The barrier sticks.');
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.getByText(/waiting for the other/).waitFor();

  const desk = await device(t, browser, { base: place.base, person: night, width: widths.phone });
  await desk.goto('/#/property/attention');
  await desk.getByRole('radio', { name: 'Shift' }).check();
  await desk.getByText('The barrier sticks.').first().waitFor();
  await assertSound(desk, 'the shift that is offered');
  await desk.getByRole('button', { name: 'Take over' }).click();
  await desk.getByText('Nora Night').first().waitFor();
  const { body } = await place.property.get(`/sites/${place.site}/shifts`);
  assert.equal(body.on_duty, body.items[0].to);
  assert.equal(body.items[0].open_count, 1);
  assert.equal((await place.driver.get(`/sites/${place.site}/shifts`)).status, 403);
});

test('the report counts what happened, for the screen and as CSV', { skip, timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  await trouble(place);
  const [{ incident }] = await eventually(
    async () => (await place.property.get(`/sites/${place.site}/incidents`)).body.items,
    (items) => items.length > 0,
    'the incident is in the list',
  );
  await place.property.post(`/incidents/${incident}/acknowledge`);
  await place.property.post(`/incidents/${incident}/close`, { false_alarm: true });
  const browser = await openBrowser(t);
  const page = await device(t, browser, { base: place.base, person: place.property, width: widths.desk });
  await page.goto('/#/property/attention');
  await page.getByRole('radio', { name: 'Report' }).check();
  await page.getByRole('table').first().waitFor();
  await assertSound(page, 'the report');
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const body = await eventually(
    async () => (await place.property.get(`/sites/${place.site}/incident-report?from=${from}`)).body,
    (report) => report.all?.false_alarms === 1,
    'the report has it',
  );
  assert.equal(body.all.count, 1);
  assert.equal(body.all.false_alarms, 1);
  assert.equal(body.all.acknowledged.count, 1);
  assert.equal(body.by_kind[0].kind, 'panic_button');
  const csv = await fetch(`${place.base}/api/v1/sites/${place.site}/incident-report?from=${from}&format=csv`, { headers: { authorization: `Bearer ${place.property.token}` } });
  assert.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.match(await csv.text(), /^.?group,what,count,.*\r\nall,,1,1,0,1,/);
  for (const bad of ['', '?from=yesterday', `?from=${from}&format=pdf`, `?from=${from}&to=2020-01-01T00:00:00Z`, '?from=2020-01-01T00:00:00Z']) {
    assert.equal((await place.property.get(`/sites/${place.site}/incident-report${bad}`)).status, 400, bad);
  }
});
