// Who may do what: every route of the description tried by every role. The table is the description itself ("For ...").
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parse } from 'yaml';
import { garage, Person } from './browser.mjs';

const api = parse(readFileSync(new URL('../../schemas/openapi.yaml', import.meta.url), 'utf8'));

// For whom each operation is, in the words of its description.
const audiences = [
  ['everybody', /^For everybody\.$/m, () => true],
  ['signed in', /^For whoever is signed in\.$/m, (role) => role !== 'nobody'],
  ['staff of the site', /^For the site's property office and the operator\./m, (role) => role === 'property' || role === 'operator'],
  ['operator', /^For the operator\.$/m, (role) => role === 'operator'],
];

function operations() {
  return Object.entries(api.paths)
    .filter(([path]) => path.startsWith('/api/'))
    .flatMap(([path, item]) =>
      ['get', 'post', 'put', 'patch', 'delete'].filter((method) => item[method]).map((method) => ({ method: method.toUpperCase(), path, text: item[method].description })),
    );
}

test('every route with every role is allowed or refused as its description says', { timeout: 240_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  await place.staff.post('/accounts', { phone: '+491713920040', name: 'Elsewhere', password: 'office-of-the-test', roles: ['property'] });
  const people = {
    nobody: new Person(place.server),
    driver: place.driver,
    owner: place.owner,
    'property of another site': await new Person(place.server).login('+491713920040', 'office-of-the-test'),
    property: place.property,
    operator: place.staff,
  };
  // Ids that are right in form and belong to the site, of things that need not be there: who may ask is decided first.
  const ids = { site: place.site, bay: place.bays[0], window: 'win-1000000ff', permission: 'prm-1000000ff', incident: 'inc-1000000ff', station: 'sta-1000000ff', booking: 'bkg-1000000ff', claim: 'bkg-1800000ff', session: 'ses-1000000ff', account: 'acc-ff', vehicle: 'veh-ff', payment: 'pay-ff00000001', kind: 'smoke', number: '1', token: 'none', date: '2030-01-01' };
  const wrong = [];
  let tried = 0;
  for (const { method, path, text } of operations()) {
    const found = audiences.find(([, pattern]) => pattern.test(text));
    assert.ok(found, `${method} ${path} doesn't say for whom it is`);
    if (path.endsWith('/feed') || path.endsWith('/logout')) continue; // the one doesn't end, the other ends the role
    for (const [role, person] of Object.entries(people)) {
      const target = path.replace('/api/v1', '').replace(/\{(\w+)\}/g, (_, name) => ids[name] ?? 'none');
      const { status, body } = await person.call(method, target, method === 'GET' || method === 'DELETE' ? undefined : {});
      const refused = (status === 401 && body.code === 'unauthenticated') || (status === 403 && body.code === 'forbidden');
      const may = found[2](role);
      ++tried;
      if (refused === may) wrong.push(`${method} ${path} (${found[0]}) as ${role}: ${status} ${body?.code ?? ''}`);
      if (status >= 500) wrong.push(`${method} ${path} as ${role}: ${status}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(tried > 350, `${tried} tried`);
});
