// bayward-site as a gateway of the local mesh (D3, E4, E6), beside a real bayward-bay and a bayward-mesh of an installer,
// with no platform and no OCPP between them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import dgram from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { Bay, configuration } from '../conformance/bay_station.mjs';
import { directory, eventually } from './program.mjs';
import { Site, siteConfig } from './site_program.mjs';

async function ports(count) {
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = dgram.createSocket('udp4');
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      return socket;
    }),
  );
  const chosen = sockets.map((socket) => socket.address().port);
  for (const socket of sockets) socket.close();
  return chosen;
}

test('the site acts as controller, knows an alarm of a bay and how the bay stands, and misses it when it dies', async (t) => {
  const dir = await directory(t);
  const key = path.join(dir, 'mesh.key');
  await writeFile(key, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  await writeFile(path.join(dir, 'site.key'), 'k'.repeat(40));
  const [ours, bays] = await ports(2);
  const file = await siteConfig(
    dir,
    'ws://127.0.0.1:9/ocpp',
    `[mesh]\nudp = ["127.0.0.1:${ours},127.0.0.1:${bays}"]\nal_mac = "02:00:5e:00:53:01"\nkey_file = "${key}"\n` +
      `[garage]\nsite = "site-1"\nkey_file = "${dir}/site.key"\n[[garage.bay]]\nbay = "bay-100000001"\nlabel = "B12"\n` +
      `latitude = 48.1\nlongitude = 11.5\nstation = "BAY-1"\nevse = 1\n`,
  );
  const site = await Site.start(t, file);
  const bayFile = path.join(dir, 'bay.toml');
  await writeFile(
    bayFile,
    `${configuration(dir, 9)}[mesh]\nudp = ["127.0.0.1:${bays},127.0.0.1:${ours}"]\nal_mac = "02:00:5e:00:53:02"\nkey_file = "${key}"\n`,
  );
  const bay = await Bay.startWith(t, bayFile);
  const mesh = async () => (await site.health()).mesh;
  await eventually(mesh, (now) => now.gateways === 1 && now.acting_controller, 'two gateways, the site acts', 20_000);

  const session = await fetch(`${site.url}/lan/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  const cookie = session.headers.get('set-cookie').split(';')[0];
  const doing = async () => {
    const all = await (await fetch(`${site.url}/lan/v1/places`, { headers: { cookie } })).json();
    return [...(all.places ?? []), ...(all.others ?? [])].find((one) => one.bay === 'bay-100000001')?.doing;
  };
  bay.act('car in');
  await eventually(doing, (word) => word === 'occupied', 'the site knows by the mesh that a car stands there');
  bay.act('set smoke 1');
  const [alarm] = (await eventually(mesh, (now) => now.alarms.length > 0, 'the site has the alarm')).alarms;
  assert.deepEqual([alarm.bay, alarm.device, alarm.kind, alarm.level], ['B12', 'BAY-1', 'smoke', 'danger']);
  assert.match(site.log, /"what":"mesh\.alarm".*"address":"Dragon Lake, garage 1"/);
  assert.match(await (await fetch(`${site.url}/status`)).text(), /<b>danger<\/b> smoke at B12/);
  assert.match(await site.metrics(), /^bayward_site_mesh_alarms 1$/m);
  await eventually(doing, (word) => word === 'faulted', 'and that nobody can charge there');
  await bay.kill();
  await eventually(mesh, (now) => now.gateways === 0, 'it is missed', 20_000);
  assert.equal((await mesh()).alarms.length, 1, 'an alarm stays until its all-clear');
});
