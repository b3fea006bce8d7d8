// bayward-server init: by flags, by questions, again, and with what can't be.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';
import { directory, operator, Person, run, Server, serverProgram } from './program.mjs';

const site = ['--site', 'Am Anger', '--place', '48.137,11.575', '--currency', 'EUR', '--time-zone', 'Europe/Berlin', '--parking-per-hour', '2.50', '--energy-per-kwh', '0.45', '--tax-percent', '19'];
const first = (dir, ...more) => run(serverProgram, ['init', '--data-dir', dir, '--operator-phone', operator.phone, ...more], { input: `${operator.password}\n` });

async function person(server, phone, password) {
  return new Person(server).login(phone, password);
}

test('by flags: a site that can be booked; run again it keeps what is there and adds what is missing', { timeout: 120_000 }, async (t) => {
  const dir = path.join(await directory(t), 'data');
  const made = await first(dir, '--password-stdin', ...site, '--bays', '3', '--station', 'CP-1', '--connectors', '2');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /Site "Am Anger" \(site-1\): 3 bays/);
  assert.match(made.stdout, /ws:\/\/HOST:8080\/ocpp\/CP-1, security profile 1, password [0-9a-f]{32} /);
  assert.doesNotMatch(made.stdout, new RegExp(operator.password));
  const again = await first(dir, '--password-stdin', ...site, '--bays', '5', '--owner-phone', '+491713920088', '--station', 'CP-1', '--connectors', '2');
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /Operator \+491713920000 \(acc-1\), there already/);
  assert.match(again.stdout, /5 bays/);
  const [, password] = /Owner \+491713920088 \(acc-2\), password (\S+)/.exec(again.stdout);

  const server = await Server.start(t, dir);
  const staff = await person(server, operator.phone, operator.password);
  const owner = await person(server, '+491713920088', password);
  const { items: bays } = (await staff.get('/sites/site-1/bays')).body;
  assert.deepEqual(bays.map((bay) => [bay.label, bay.charger?.evse ?? null, bay.owner]), [['P-001', 1, 'acc-1'], ['P-002', 2, 'acc-1'], ['P-003', null, 'acc-1'], ['P-004', null, 'acc-2'], ['P-005', null, 'acc-2']]);
  const { vehicle } = await owner.post('/me/vehicles', { plate: 'M-IN 1' });
  await staff.post('/accounts/acc-2/credits', { amount: { minor: 5000, currency: 'EUR' }, reference: 'r' });
  const start = Math.ceil(Date.now() / 900_000) * 900_000;
  const booked = await owner.post('/bookings', { bay: bays[2].bay, vehicle, start: new Date(start).toISOString(), end: new Date(start + 3_600_000).toISOString() });
  assert.equal(booked.hold.minor, 298); // 2.50 and 19 %, half up
  assert.equal((await first(dir, '--password-stdin')).code, 1, 'not beside a running server');
});

test('by questions: bad answers are asked again, an empty line takes the default', { timeout: 120_000 }, async (t) => {
  const dir = path.join(await directory(t), 'data');
  const answers = ['12', operator.phone, '', 'Hof', 'here', '52.52,13.405', 'Europe/Berlin', 'EURO', 'EUR', '-1', '1', '', '', 'many', '2', '', 'CP-9', '1'];
  const made = await run(serverProgram, ['init', '--data-dir', dir, '--ask'], { input: answers.map((one) => `${one}\n`).join('') });
  assert.equal(made.code, 0, made.stderr + made.stdout);
  for (const word of ['--operator-phone must be', '--place must be', '--currency must be', '--parking-per-hour must be', '--bays must be']) assert.ok(made.stdout.includes(word), word);
  assert.match(made.stdout, /Operator \+491713920000 \(acc-1\), password [0-9a-f]{32} \(shown only now\)/);
  assert.match(made.stdout, /Site "Hof" \(site-1\): 2 bays/);
  const short = await run(serverProgram, ['init', '--data-dir', `${dir}2`, '--ask'], { input: `${operator.phone}\n` });
  assert.equal(short.code, 1);
  assert.match(short.stderr, /the input ended before --operator-name was answered/);
});

test('what cannot be is said by the name of the flag', { timeout: 120_000 }, async (t) => {
  const dir = path.join(await directory(t), 'data');
  for (const [args, word] of [
    [['--bays', '3'], /--site is needed/],
    [['--site', 'A', '--place', '91,0'], /--place must be/],
    [['--site', 'A', '--energy-per-kwh', '1e3'], /--energy-per-kwh must be/],
    [['--site', 'A', '--tax-percent', '101'], /--tax-percent must be/],
    [['--site', 'A', '--bays', '2001'], /--bays must be/],
    [['--site', 'A', '--owner-phone', '12'], /--owner-phone must be/],
    [['--site', 'A', '--time-zone', 'Mars/Base'], /--time-zone/],
  ]) {
    const made = await first(dir, ...args);
    assert.equal(made.code, 1, args.join(' '));
    assert.match(made.stderr, word);
  }
  const nothing = await run(serverProgram, ['init', '--data-dir', dir]);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /--operator-phone, for example/);
});
