// What stands between a session and somebody who wants it: no cookie to ride on, no page to frame, no token to plant, few
// guesses at a time, and nobody else's bay.
import assert from 'node:assert/strict';
import test from 'node:test';
import { garage, Person } from './browser.mjs';

const evil = { origin: 'https://evil.example', referer: 'https://evil.example/' };

test('another site cannot act for a person: there is no cookie, and its requests carry no right', { timeout: 120_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const { url } = place.server;
  const login = await fetch(`${url}/api/v1/login`, { method: 'POST', headers: { 'content-type': 'application/json', ...evil }, body: JSON.stringify({ phone: '+491713920002', password: 'driver-of-the-test' }) });
  assert.equal(login.status, 200);
  const { token } = await login.json();
  for (const [method, target, body] of [['POST', '/api/v1/me/vehicles', '{"plate":"M-EV 1"}'], ['POST', '/api/v1/me/top-ups', '{}'], ['GET', '/api/v1/me', undefined], ['POST', '/api/v1/bookings', '{}']]) {
    // As a form or an image would send it: whatever cookie there is, no Authorization.
    const answer = await fetch(url + target, { method, headers: { 'content-type': 'text/plain', cookie: `token=${token}; session=${token}`, ...evil }, body });
    assert.equal(answer.status, 401, target);
    assert.equal(answer.headers.get('set-cookie'), null, target);
    assert.equal(answer.headers.get('access-control-allow-origin'), null, target);
  }
  const preflight = await fetch(`${url}/api/v1/bookings`, { method: 'OPTIONS', headers: { ...evil, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } });
  assert.equal(preflight.headers.get('access-control-allow-origin'), null);
  assert.equal(preflight.headers.get('access-control-allow-headers'), null);
});

test('pages run no foreign script and stand in no foreign frame', { timeout: 120_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  for (const target of ['/', '/docs']) {
    const page = await fetch(place.server.url + target);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.doesNotMatch(policy, /unsafe|\*/, target);
    for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"]) assert.ok(policy.includes(rule), `${target}: ${rule} in ${policy}`);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff', target);
  }
});

test('a session is made at sign-in, never taken over from before, and ends when it is ended', { timeout: 120_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const login = { phone: '+491713920002', password: 'driver-of-the-test' };
  const planted = new Person(place.server);
  planted.token = 'a'.repeat(43);
  assert.equal((await planted.get('/me')).status, 401);
  const answer = await planted.call('POST', '/login', login);
  assert.ok(answer.status === 401 || answer.body.token !== planted.token, 'a token that somebody planted does not become good');
  assert.equal((await planted.get('/me')).status, 401);
  const one = await new Person(place.server).login(login.phone, login.password);
  const two = await new Person(place.server).login(login.phone, login.password);
  assert.notEqual(one.token, two.token);
  await one.call('POST', '/logout');
  assert.equal((await one.get('/me')).status, 401);
  assert.equal((await two.get('/me')).status, 200, 'the other device stays');
});

test('few guesses: sign-in and registration are slowed down, and the right password waits as well', { timeout: 120_000 }, async (t) => {
  const place = await garage(t, { bays: 1 });
  const guess = (password) => new Person(place.server).call('POST', '/login', { phone: '+491713920001', password });
  const answers = [];
  for (let i = 0; i < 14; ++i) answers.push((await guess(`wrong-${i}-password`)).body.code);
  assert.equal(answers[0], 'wrong_login');
  assert.equal(answers.at(-1), 'too_many_requests');
  assert.equal((await guess('owner-of-the-test')).body.code, 'too_many_requests');
  const registered = [];
  for (let i = 0; i < 24; ++i) registered.push((await new Person(place.server).call('POST', '/register', { phone: `+4917139210${10 + i}`, password: 'long-enough-one', name: 'A' })).status);
  assert.ok(registered.includes(429), registered.join());
});

test("an owner sees nothing of another owner's bay but what everybody sees", { timeout: 120_000 }, async (t) => {
  const place = await garage(t, { bays: 2 });
  await place.staff.post('/accounts', { phone: '+491713920030', name: 'Second', password: 'owner-of-the-test', roles: ['owner'] });
  const second = await new Person(place.server).login('+491713920030', 'owner-of-the-test');
  const bay = place.bays[0];
  assert.equal((await second.get(`/bays/${bay}`)).body.owner, undefined);
  const { body: own } = await place.owner.get(`/bays/${bay}/windows`);
  for (const [method, target, body] of [
    ['POST', `/bays/${bay}/windows`, { week: { mon: [['08:00', '09:00']] }, first_date: '2030-01-01', last_date: '2030-02-01' }],
    ['DELETE', `/windows/${own.items[0].window}`, undefined],
    ['PUT', `/windows/${own.items[0].window}/exceptions/2030-01-01`, { ranges: [] }],
    ['PATCH', `/bays/${bay}`, { label: 'mine' }],
    ['GET', `/sites/${place.site}/bookings`, undefined],
    ['GET', `/sites/${place.site}/disputes`, undefined],
    ['GET', `/sites/${place.site}/incidents`, undefined],
  ]) {
    const { status } = await second.call(method, target, body);
    assert.equal(status, 403, `${method} ${target}`);
  }
});
