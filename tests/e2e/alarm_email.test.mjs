// Alarms by e-mail: the real server, and aiosmtpd (Debian) as the mail server, with STARTTLS, login, greylisting and refusals.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';

import { accept, acknowledge, connect, delivered, incidentOf, listen, restart, site, smoke, stateOf } from './alarm_site.mjs';
import { directory, eventually, Person, root, run, serverProgram } from './program.mjs';

const python = '/usr/bin/python3';
const missing = spawnSync(python, ['-c', 'import aiosmtpd']).status === 0 ? false : 'aiosmtpd is not installed (Debian: python3-aiosmtpd)';
const password = 'password of the mail server';

async function mailServer(t) {
  const dir = await directory(t);
  const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => path.join(dir, name));
  const made = await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']);
  assert.equal(made.code, 0, made.stderr);
  const server = { letters: [], dir, certificate };
  server.start = async (port = 0) => {
    const child = spawn(python, [path.join(root, 'tests/conformance/smtp_server.py'), certificate, key, 'bayward', password, String(port)]);
    t.after(() => child.kill('SIGKILL'));
    server.child = child;
    server.port = undefined;
    let errors = '';
    child.stderr.on('data', (data) => (errors += data));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line);
      if (said.listening) server.port = said.listening;
      else server.letters.push(said);
    });
    await eventually(() => server.port, Boolean, `the mail server listens: ${errors}`);
  };
  server.answer = (replies) => server.child.stdin.write(`${JSON.stringify(replies)}\n`);
  server.to = (address) => server.letters.filter(({ to }) => to.includes(address));
  await server.start();
  return server;
}

async function place(t, mail, secret = password) {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  await writeFile(path.join(mail.dir, 'password'), `${secret}\n`);
  return await site(t, office.port, gateway.port, {
    ways: `operators = ["email:desk@office.example"]
trusted_certificates_file = "${mail.certificate}"`,
    persons: '["email"]',
    property: '["email:office@office.example", "email:second@office.example"]',
    tables: `[alarms.email]
host = "localhost"
port = ${mail.port}
security = "starttls"
user = "bayward"
password_file = "${mail.dir}/password"
from = "alarms@bayward.example"
name = "Bayward 警报"
`,
  });
}

// Asks for a code, reads it in the letter, and enters it.
async function proved(mail, person, email) {
  const asked = await person.call('PUT', '/me/email', { email });
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
  const [letter] = await eventually(() => mail.to(email), (letters) => letters.length > 0, 'the code came');
  assert.deepEqual(letter.defects, []);
  const [, code] = /^Your code: (\d{6})$/.exec(letter.subject);
  assert.ok(letter.text.includes(code));
  assert.equal((await person.call('POST', '/me/email/confirm', { code })).status, 204);
}

test('an address that nobody has proved gets no alarm, and its code is good for five tries', { skip: missing }, async (t) => {
  const mail = await mailServer(t);
  const town = await place(t, mail);
  const driver = await new Person(town.server).login('+491713920002', 'driver-of-the-test');
  assert.equal((await driver.call('POST', '/me/email/confirm', { code: '123456' })).body.code, 'wrong_phase');
  assert.equal((await driver.call('PUT', '/me/email', { email: 'stranger@example.com' })).status, 202);
  const { body } = await driver.get('/me');
  assert.equal(body.email, null);
  assert.equal(body.email_pending, 'stranger@example.com');
  assert.equal((await driver.call('PUT', '/me/email', { email: 'another@example.com' })).status, 429, 'one letter a minute');
  const [letter] = await eventually(() => mail.to('stranger@example.com'), (letters) => letters.length > 0, 'the code came');
  const right = /\d{6}/.exec(letter.subject)[0];
  const wrong = right === '000000' ? '111111' : '000000';
  const charger = await connect(t, town);
  await smoke(charger);
  await delivered(town, await incidentOf(town), 'property');
  assert.equal(mail.to('stranger@example.com').length, 1, 'the code and no alarm');
  for (let i = 0; i < 5; ++i) assert.equal((await driver.call('POST', '/me/email/confirm', { code: wrong })).body.code, 'bad_field');
  assert.equal((await driver.call('POST', '/me/email/confirm', { code: right })).body.code, 'wrong_phase');
  assert.equal((await driver.call('PUT', '/me/email', {})).status, 204);
  assert.equal((await driver.get('/me')).body.email_pending, null);
});

test('smoke goes to the driver and the office by e-mail, over TLS and after a login, and the all-clear follows', { skip: missing }, async (t) => {
  const mail = await mailServer(t);
  const town = await place(t, mail);
  const driver = await new Person(town.server).login('+491713920002', 'driver-of-the-test');
  assert.equal((await driver.call('PUT', '/me/email', { email: 'anna@example.com\r\nBcc: b@example.com' })).status, 400);
  await proved(mail, driver, 'anna@example.com');
  assert.equal((await driver.get('/me')).body.email, 'anna@example.com');
  mail.letters.length = 0;

  // Greylisted at first; one of the office's addresses is nobody's.
  mail.answer({ 'anna@example.com': ['451 4.7.1 greylisted'], 'second@office.example': ['550 5.1.1 nobody here'] });
  const charger = await connect(t, town);
  await smoke(charger);
  const incident = await incidentOf(town);
  await delivered(town, incident, 'property');
  await eventually(() => mail.to('anna@example.com'), (letters) => letters.length > 0, 'the driver has it');
  await delivered(town, incident, 'driver');

  const [letter] = mail.to('anna@example.com');
  assert.match(letter.subject, /^Smoke at bay A-1 \(Charging site\), \d\d:\d\d:\d\d\. Keep away/);
  assert.ok(letter.text.startsWith(letter.subject), letter.text);
  assert.match(letter.text, /Incident: inc-/);
  assert.equal(letter.sender, 'Bayward 警报 <alarms@bayward.example>');
  assert.deepEqual(letter.defects, []);
  assert.equal(letter.tls, true);
  assert.equal(letter.user, 'bayward');
  assert.equal(letter.from, 'alarms@bayward.example');
  assert.equal(mail.to('second@office.example').length, 0);
  await town.staff.post(`/incidents/${incident}/close`);
  await eventually(
    () => mail.to('anna@example.com').map(({ subject }) => subject),
    (subjects) => subjects.some((subject) => /^All clear: Smoke/.test(subject)),
    'the all-clear',
    60_000,
  );
});

test('a wrong password and a mail server that is away lose nothing: all is told when that is mended', { skip: missing }, async (t) => {
  const mail = await mailServer(t);
  const { port } = mail;
  const town = await place(t, mail, 'not the password');
  const charger = await connect(t, town);
  await smoke(charger);
  const incident = await incidentOf(town);
  await eventually(() => town.server.log, (log) => /"alarm\.channel_failing".*"why":"[^"]*535/.test(log), 'the login is refused');
  assert.equal(await stateOf(town, incident, 'property'), 'pending', 'a refused login is about us, not about the letter');
  assert.deepEqual(mail.letters, []);

  mail.child.kill('SIGKILL');
  await town.server.stop();
  await writeFile(path.join(mail.dir, 'password'), `${password}\n`);
  await restart(t, town);
  await eventually(() => town.server.log, (log) => log.includes('"alarm.channel_failing"'), 'nobody is there');
  await mail.start(port);
  await delivered(town, incident, 'property');
  assert.equal(mail.to('office@office.example').length > 0, true);
});

test('letters that could not be private are refused by the configuration', { skip: missing }, async (t) => {
  const dir = await directory(t);
  const refused = async (lines) => {
    const file = path.join(dir, 'server.toml');
    await writeFile(file, `[alarms]\npersons = ["email"]\n[alarms.email]\n${lines}\n`);
    const { code, stderr } = await run(serverProgram, ['serve', '--data-dir', dir, '--config', file]);
    assert.notEqual(code, 0);
    return stderr;
  };
  const from = 'from = "alarms@bayward.example"';
  assert.match(await refused(`host = "mail.example"\nsecurity = "none"\n${from}`), /only for a server on this machine/);
  assert.match(await refused(`host = "mail.example/x?y"\n${from}`), /host must be a name or an address/);
  assert.match(await refused(`host = "mail.example"\nfrom = "a@b.example>\\r\\nRCPT TO:<c@d.example"`), /from must be such as/);
  assert.match(await refused(`host = "mail.example"\nuser = "x"\n${from}`), /both user and password_file/);
});
