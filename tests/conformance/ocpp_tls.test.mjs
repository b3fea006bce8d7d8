// Security profiles 1, 2 and 3 with a charger program that is not ours: from a password in the clear to a certificate of
// its own, as docs/connect-a-charger.md says, and no way back.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, run } from '../e2e/program.mjs';
import { bookNow, Charger, chargingSite, eventually, sessionOf, within } from './charging_site.mjs';

const now = () => new Date().toISOString();
const boots = {
  'ocpp1.6': { chargePointVendor: 'Other', chargePointModel: 'Judge' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } },
  'ocpp2.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Other', model: 'Judge' } },
};
const setVariables = ({ setVariableData }) => ({
  setVariableResult: setVariableData.map(({ component, variable }) => ({ attributeStatus: 'Accepted', component, variable })),
});
const answers = { SetVariables: setVariables };

async function secureSite(t, identity) {
  const file = path.join(await directory(t), 'server.toml');
  await writeFile(file, '[ocpp]\norganization = "Hof"\n[ocpp.tls]\naddress = "127.0.0.1"\nport = 0\nserver_names = ["127.0.0.1"]\n');
  const place = await chargingSite(t, identity, ['--config', file]);
  const line = place.server.log.split('\n').find((one) => one.includes('"ocpp.listening"'));
  place.endpoint = `wss://127.0.0.1:${JSON.parse(line).port}/ocpp`;
  const roots = await fetch(`${place.server.url}/api/v1/station-authority`, {
    headers: { authorization: `Bearer ${place.staff.token}` },
  });
  place.roots = await roots.text();
  return place;
}

// A key and a signing request, made by a program that is not ours.
async function keyPair(t, name, algorithm) {
  const dir = await directory(t);
  const kind = algorithm === 'rsa' ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const [key, csr] = [path.join(dir, 'key.pem'), path.join(dir, 'csr.pem')];
  const made = await run('openssl', ['req', '-new', ...kind, '-nodes', '-keyout', key, '-out', csr, '-subj', `/O=Hof/CN=${name}`]);
  assert.equal(made.code, 0, made.stderr);
  return { key: await readFile(key, 'utf8'), csr: await readFile(csr, 'utf8') };
}

const refused = (status) => (error) => error.message.includes(String(status)) || error.code === status;

for (const [protocol, algorithm] of [['ocpp1.6', 'rsa'], ['ocpp2.0.1', 'ecdsa'], ['ocpp2.1', 'ecdsa']]) {
  // TC_A_04_CSMS, TC_A_07_CSMS, TC_A_11_CSMS
  test(`${protocol}: from a password to an ${algorithm} certificate of its own, and not back`, async (t) => {
    const place = await secureSite(t, 'CS-TLS');
    const station = `/stations/${place.station}`;
    const connect = (options) => Charger.connect(t, place, 'CS-TLS', protocol, { answers, ...options });

    const plain = await connect({});
    assert.equal((await plain.call('BootNotification', boots[protocol])).status, 'Accepted');
    await plain.client.close();

    // Profile 2. Whoever is not trusted is not talked to.
    await assert.rejects(connect({ endpoint: place.endpoint }), /self.signed|unable to/i);
    const basic = await connect({ endpoint: place.endpoint, tls: { ca: place.roots } });
    assert.equal((await basic.call('BootNotification', boots[protocol])).status, 'Accepted');
    await assert.rejects(connect({}), refused(403));
    assert.equal((await place.staff.get(`${station}/security`)).body.connection.profile, 2);

    // A certificate, asked for by the operator; one in another name is refused.
    const own = await keyPair(t, 'CS-TLS', algorithm);
    const foreign = await keyPair(t, 'CS-OTHER', algorithm);
    const ordered = await place.staff.post(`${station}/orders`, { order: 'renew_certificate' });
    assert.deepEqual([ordered.outcome, ordered.status], ['answered', 'Accepted']);
    await basic.asked(protocol === 'ocpp1.6' ? 'ExtendedTriggerMessage' : 'TriggerMessage');
    assert.equal((await basic.call('SignCertificate', { csr: foreign.csr })).status, 'Rejected');
    const numbered = protocol === 'ocpp2.1' ? { requestId: 77 } : {};
    assert.equal((await basic.call('SignCertificate', { csr: own.csr, ...numbered })).status, 'Accepted');
    const { certificateChain, requestId } = await basic.asked('CertificateSigned');
    assert.equal(requestId, numbered.requestId);
    await place.staff.post(`${station}/orders`, { order: 'install_roots' });
    assert.ok(place.roots.includes((await basic.asked('InstallCertificate')).certificate));

    // Profile 3: no password. Another's key, or another's name, opens nothing.
    const shown = { ca: place.roots, cert: certificateChain, key: own.key };
    const charger = await connect({ endpoint: place.endpoint, password: null, tls: shown });
    assert.equal((await charger.call('BootNotification', boots[protocol])).status, 'Accepted');
    const { connection } = (await place.staff.get(`${station}/security`)).body;
    assert.equal(connection.profile, 3);
    assert.ok(Date.parse(connection.certificate.until) > Date.now() + 300 * 86_400_000);
    await assert.rejects(connect({ endpoint: place.endpoint, tls: { ca: place.roots } }), refused(403));
    await assert.rejects(
      Charger.connect(t, place, 'CS-ELSE', protocol, { endpoint: place.endpoint, password: null, tls: shown }),
      refused(403),
    );

    // And it works as any other: a booking, its charge, its bill.
    const booking = await bookNow(place);
    if (protocol !== 'ocpp1.6') {
      const { idToken } = await charger.asked('ReserveNow');
      const register = (value, context) => [{ timestamp: now(), sampledValue: [{ value, context, measurand: 'Energy.Active.Import.Register' }] }];
      const event = (eventType, seqNo, more) =>
        charger.call('TransactionEvent', { eventType, seqNo, timestamp: now(), triggerReason: 'Authorized', transactionInfo: { transactionId: 'tls-1' }, evse: { id: 1, connectorId: 1 }, ...more });
      const started = await event('Started', 0, { idToken, meterValue: register(0, 'Transaction.Begin') });
      assert.equal(started.idTokenInfo.status, 'Accepted');
      await event('Ended', 1, { meterValue: register(5000, 'Transaction.End') });
    } else {
      const { idTag } = await charger.asked('ReserveNow');
      const started = await charger.call('StartTransaction', { connectorId: 1, idTag, meterStart: 0, timestamp: now() });
      assert.equal(started.idTagInfo.status, 'Accepted');
      await charger.call('StopTransaction', { transactionId: started.transactionId, meterStop: 5000, timestamp: now() });
    }
    assert.equal((await sessionOf(place, booking)).energy_wh, 5_000);
    charger.assertStrict();

    // Revoked: thrown out at once, and the certificate opens nothing any more.
    const gone = new Promise((resolve) => charger.client.once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // not a wait: certificates tell whole seconds
    const changed = await place.staff.call('PUT', `${station}/security`, { revoke_certificates: true });
    assert.equal(changed.status, 200);
    await within(gone, 10_000, 'the connection ends');
    await assert.rejects(connect({ endpoint: place.endpoint, password: null, tls: shown }), refused(403));
    await eventually(
      async () => (await place.staff.get(`${station}/security-events?limit=100`)).body.items.map(({ type }) => type),
      (types) => ['ProfileTooLow', 'SigningRequestRefused', 'CertificateAccepted', 'SecurityChanged', 'CertificateRevoked'].every((type) => types.includes(type)),
      'the audit log has it all',
    );
  });
}
