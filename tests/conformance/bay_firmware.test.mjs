// Signed firmware (OCPP 2.0.1 L01): downloaded, verified, tried, kept when it works, taken back when it does not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import test from 'node:test';
import { directory, run } from '../e2e/program.mjs';
import { Bay, bayProgram, Central, configuration } from './bay_station.mjs';

// A maker, somebody the maker lets sign, and a stranger; each a key and a certificate.
function identities(dir) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
  const key = (name) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  for (const name of ['maker', 'stranger']) {
    key(name);
    openssl('req', '-x509', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-days', '30', '-out', `${name}.pem`);
  }
  key('signer');
  openssl('req', '-new', '-key', 'signer.key', '-subj', '/CN=signer', '-out', 'signer.csr');
  openssl('x509', '-req', '-in', 'signer.csr', '-CA', 'maker.pem', '-CAkey', 'maker.key', '-CAcreateserial', '-days', '30', '-out', 'signer.pem');
  return (name, file) => openssl('dgst', '-sha256', '-sign', `${name}.key`, file).toString('base64');
}

const firmwareSection = (dir) => `
[firmware]
maker_certificate_file = "${dir}/maker.pem"
slots_directory = "${dir}/slots"
`;

async function place(t, firmware) {
  const dir = await directory(t);
  const sign = identities(dir);
  await mkdir(path.join(dir, 'slots/a'), { recursive: true });
  const old = path.join(dir, 'slots/a/bayward-bay');
  await writeFile(old, `#!/bin/sh\nexec '${bayProgram}' "$@"\n`);
  await chmod(old, 0o755);
  await writeFile(path.join(dir, 'new'), firmware);
  const files = createServer(async (request, response) => {
    const known = request.url === '/new';
    response.writeHead(known ? 200 : 404).end(known ? await readFile(path.join(dir, 'new')) : '');
  });
  files.listen(0, '127.0.0.1');
  await once(files, 'listening');
  t.after(() => files.close());
  const central = await Central.start(t);
  const file = path.join(dir, 'bay.toml');
  await writeFile(file, configuration(dir, central.port) + firmwareSection(dir));
  const url = (name) => `http://127.0.0.1:${files.address().port}/${name}`;
  const launch = () => Bay.startWith(t, file, [], bayProgram, ['launch']);
  const update = async (by, certificate, location = url('new')) =>
    central.call('UpdateFirmware', {
      requestId: 42,
      retries: 0,
      firmware: {
        location,
        retrieveDateTime: new Date(Date.now() - 1000).toISOString(),
        signingCertificate: await readFile(path.join(dir, `${certificate}.pem`), 'utf8'),
        signature: sign(by, 'new'),
      },
    });
  const status = (word) => central.told('FirmwareStatusNotification', (p) => p.status === word && p.requestId === 42);
  return { dir, central, launch, update, status, url };
}

test('firmware of the maker is installed, proves itself, and stays', async (t) => {
  const { dir, central, launch, update, status } = await place(t, `#!/bin/sh\nexec '${bayProgram}' "$@" # 2\n`);
  const bay = await launch();
  await central.told('BootNotification');
  assert.equal((await update('signer', 'signer')).status, 'Accepted');
  for (const word of ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting']) await status(word);
  assert.equal((await bay.ended).code, 75);
  await launch();
  await status('Installed');
  assert.equal(await readFile(path.join(dir, 'slots/state'), 'utf8'), 'active b\n');
  central.assertStrict();
});

test('firmware that does not come up is taken back, and that is told', async (t) => {
  const { dir, central, launch, update, status } = await place(t, '#!/bin/sh\nexit 1\n');
  const bay = await launch();
  await central.told('BootNotification');
  assert.equal((await update('maker', 'maker')).status, 'Accepted');
  assert.equal((await bay.ended).code, 75);
  for (let start = 0; start < 3; ++start) {
    const ended = await run(bayProgram, ['launch', '--config', path.join(dir, 'bay.toml')]);
    assert.equal(ended.code, 1);
  }
  await launch();
  await status('InstallationFailed');
  assert.equal(await readFile(path.join(dir, 'slots/state'), 'utf8'), 'active a\n');
  central.assertStrict();
});

test('firmware of a stranger, with a wrong signature, unsigned or not there is not installed', async (t) => {
  const { central, launch, update, status, url } = await place(t, '#!/bin/sh\nexit 0\n');
  const bay = await launch();
  await central.told('BootNotification');
  assert.equal((await update('stranger', 'stranger')).status, 'InvalidCertificate');
  await central.told('SecurityEventNotification', (p) => p.type === 'InvalidFirmwareSigningCertificate');
  assert.equal((await update('stranger', 'maker')).status, 'Accepted');
  await status('InvalidSignature');
  await central.told('SecurityEventNotification', (p) => p.type === 'InvalidFirmwareSignature');
  assert.equal((await update('maker', 'maker', url('missing'))).status, 'Accepted');
  await status('DownloadFailed');
  const unsigned = { requestId: 7, firmware: { location: url('new'), retrieveDateTime: new Date().toISOString() } };
  assert.equal((await central.call('UpdateFirmware', unsigned)).status, 'Rejected');
  assert.equal((await bay.kill('SIGTERM')).code, 0);
  central.assertStrict();
});
