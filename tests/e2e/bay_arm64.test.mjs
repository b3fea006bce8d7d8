// The bay's program for arm64 boards, built by packaging/bay/arm64/build, started under qemu-user: version, configuration,
// and a whole boot with a charge against the foreign central system.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { Bay, Central, configuration } from '../conformance/bay_station.mjs';
import { directory, root, run } from './program.mjs';

const program = path.join(root, 'build/arm64/bayward-bay');
const built = [program, path.join(root, 'build/arm64/bay/bayward-bay')].find(existsSync);
const sysroot = process.env.BAYWARD_SYSROOT ?? path.join(root, 'build/arm64-sysroot');
const qemu = 'qemu-aarch64-static';
const skip =
  (!built && 'not built: run packaging/bay/arm64/build first') ||
  (spawnSync(qemu, ['--version']).status !== 0 && `${qemu} is not installed (Debian: qemu-user-static)`);

test('arm64 under qemu-user: says its version, checks a configuration, boots and charges', { skip }, async (t) => {
  const emulated = [qemu, '-L', sysroot, built];
  const [first, ...args] = emulated;
  const version = await run(first, [...args, '--version']);
  assert.match(version.stdout, /^bayward-bay \d/);
  const dataDir = await directory(t);
  const central = await Central.start(t);
  const file = path.join(dataDir, 'bay.toml');
  await writeFile(file, configuration(dataDir, central.port));
  assert.equal((await run(first, [...args, 'check-config', '--config', file])).code, 0);
  const bay = await Bay.startWith(t, file, emulated.slice(0, -1), built);
  await central.told('BootNotification', () => true, 60_000);
  bay.act('car in', 'plug in', 'card X');
  await central.told('TransactionEvent', (p) => p.transactionInfo.chargingState === 'Charging', 60_000);
  central.assertStrict();
});
