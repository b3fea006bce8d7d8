// One day of each recorded file through real sockets: billed is what was recorded, row by row. A whole week is
// `bayward-sim replay --file F`, some minutes long.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { directory, root, run, simProgram } from './program.mjs';

const data = path.join(process.env.BAYWARD_DATA ?? path.join(root, '../shared/data'), 'charging');

for (const [file, from] of [
  ['sap_labs_2017_2021.csv', '2019-12-10'],
  ['acn_caltech_2021.json', '2021-09-10'],
]) {
  test(`replay of a day of ${file}: energy billed is energy recorded`, { timeout: 300_000 }, async (t) => {
    const recording = path.join(data, file);
    if (!existsSync(recording)) return t.skip(`no recorded data at ${recording}`);
    const report = path.join(await directory(t), 'report.csv');
    const { code, stdout, stderr } = await run(
      simProgram,
      ['replay', '--file', recording, '--from', from, '--days', '1', '--speed', '6000', '--report', report],
      { limit: 280_000 },
    );
    const summary = /^rows=(\d+) replayed=(\d+) rejected=(\d+) mismatched=(\d+)$/m.exec(stdout);
    assert.ok(summary, stdout + stderr.slice(-3000));
    const [rows, replayed, rejected, mismatched] = summary.slice(1).map(Number);
    assert.equal(mismatched, 0, stderr.slice(-3000));
    assert.equal(replayed + rejected, rows);
    assert.ok(replayed > rows / 2);
    assert.equal(code, 0, stderr.slice(-3000));
    const lines = (await readFile(report, 'utf8')).trim().split('\n');
    assert.equal(lines.length, rows + 1);
    for (const line of lines.slice(1)) {
      if (line.includes(',rejected,')) assert.doesNotMatch(line, /,rejected,$/, 'every rejection has its reason');
    }
  });
}

test('replay of a file that is no recording is refused with a message', async () => {
  const { code, stderr } = await run(simProgram, ['replay', '--file', path.join(root, 'README.md')]);
  assert.equal(code, 1);
  assert.match(stderr, /does not name the columns|not readable/);
});
