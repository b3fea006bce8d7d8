// E3 against a real access point stack: Debian's kernel in QEMU with three simulated radios (mac80211_hwsim), Debian's hostapd
// and wpa_supplicant, and bayward-site itself. About a minute. `./dev test wifi`, or node --test tests/slow/wifi.test.mjs.
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { programs } from '../e2e/program.mjs';
import { missing, runGuest } from './virtual_machine.mjs';

test('wifi: the right key in, the wrong one and a copied one out, an expired one thrown off', async (t) => {
  const lacking = process.arch !== 'x64' ? 'this machine is no x86-64' : missing(['hostapd', 'wpa_supplicant']);
  if (lacking) return t.skip(`cannot run here: ${lacking}`);
  const site = realpathSync(path.join(programs, 'bayward-site'));
  const guest = fileURLToPath(new URL('wifi_guest.mjs', import.meta.url));
  const { passed, output } = await runGuest({
    command: `${process.execPath} ${guest} ${site}`,
    modules: ['ccm', 'ctr', 'cmac', 'gcm', { name: 'mac80211_hwsim', options: 'radios=3' }],
    limit: 300_000,
    onLine: (line) => line.startsWith('GUEST') && t.diagnostic(line.slice(6)),
  });
  assert.ok(passed, output.slice(-4000));
});
