// The model of what lies around the safety machine (src/bay/safety/contactor.pml), checked by spin over its whole state
// space; and three bugs planted in it are found.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { directory, root } from '../e2e/program.mjs';

const model = path.join(root, 'src/bay/safety/contactor.pml');
const skip = spawnSync('spin', ['-V']).status !== 0 && 'spin is not installed (Debian: spin)';

async function check(t, plant) {
  const cwd = await directory(t);
  const step = (program, args) => {
    const ran = spawnSync(program, args, { cwd, encoding: 'utf8' });
    assert.equal(ran.status, 0, `${program} ${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  };
  step('spin', [...(plant ? [`-D${plant}`] : []), '-a', model]);
  step('cc', ['-O2', '-w', '-DSAFETY', '-o', 'pan', 'pan.c']);
  const said = step('./pan', ['-m100000']);
  const [, errors] = /errors: (\d+)/.exec(said);
  return { errors: Number(errors), said, states: Number(/([\d.e+]+) states, stored/.exec(said)?.[1]) };
}

test('no sequence of hangs, deaths and cuts leaves the contactor closed without permission for longer than the watchdogs allow', { skip }, async (t) => {
  const { errors, said, states } = await check(t);
  assert.equal(errors, 0, said);
  assert.ok(states > 10_000, said);
  assert.doesNotMatch(said, /max search depth too small|Search not completed/);
});

test('the model has the times of the programs', () => {
  const ms = (file, pattern) => Number(pattern.exec(readFileSync(path.join(root, file), 'utf8'))[1]);
  const rounds = (name) => Number(new RegExp(`#define ${name} (\\d+)`).exec(readFileSync(model, 'utf8'))[1]);
  assert.equal(rounds('PERMIT') * 50, ms('src/bay/agent/config.h', /watchdog\{(\d+)ms\}/));
  assert.equal(rounds('MODULE') * 50, ms('src/bay/drivers/modbus.cc', /watchdog_ms = (\d+)/));
});

for (const [plant, what] of Object.entries({
  PLANT_LATCH: 'a machine that permits with a latched fault',
  PLANT_STALE: 'a driver that does not open when the permission is stale',
  PLANT_DEAF: 'a module without a watchdog',
})) {
  test(`planted and found: ${what}`, { skip }, async (t) => {
    assert.ok((await check(t, plant)).errors > 0);
  });
}
