// Drills: the demo does one and ends; a running demo is told to; the server is killed behind the site controller. What
// must hold is the order of things and that everybody was told; latencies are bounded loosely, this machine is shared.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { missing } from '../conformance/kannel.mjs';
import { directory, root, run, simProgram, within } from './program.mjs';

const small = ['--port', '0', '--bays', '24'];

const environment = async (t) => ({ ...process.env, TMPDIR: await directory(t) });

function assertInOrder(report, names) {
  const marks = Object.fromEntries(report.timeline.map(({ mark, ms }) => [mark, ms]));
  let before = -1;
  for (const name of names) {
    assert.ok(name in marks, `${name} is missing: ${JSON.stringify(report, null, 1)}`);
    assert.ok(marks[name] >= before, `${name} came too early: ${JSON.stringify(marks)}`);
    before = marks[name];
  }
  return marks;
}

const alarmWay = ['contactor open', 'first gateway told', 'last gateway told', 'sent upwards', 'server has it'];
const allClear = ['cleared by a person', 'all-clear at the bay', 'last gateway all-clear', 'server has all-clear'];

test('demo --drill overheat: the bay opens by itself, everybody is told, everybody gets the all-clear', { timeout: 240_000 }, async (t) => {
  const env = await environment(t);
  const { code, stdout, stderr } = await run(simProgram, ['demo', ...small, '--headless', '--drill', 'overheat'], {
    env,
    limit: 200_000,
  });
  assert.equal(code, 0, stdout + stderr.slice(-3000));
  const report = JSON.parse(stdout);
  assert.equal(report.ok, true);
  const marks = assertInOrder(report, ['sample', ...alarmWay, ...allClear]);
  assert.ok(marks['contactor open'] < 50, `from sample to open: ${marks['contactor open']} ms`);
  assert.ok(marks['last gateway told'] < 1000, `to the last gateway: ${marks['last gateway told']} ms`);
  assert.match(report.timeline.find(({ mark }) => mark === 'last gateway told').note, /12 of 12/);
  assertInOrder(report, ['server has all-clear', 'live feed, all-clear']);
  assert.deepEqual(await readdir(env.TMPDIR), [], 'the temporary directory is gone');
});

test('a running demo drills on demand, one at a time, and says what it cannot do', { timeout: 300_000 }, async (t) => {
  const child = spawn(simProgram, ['demo', ...small], { env: await environment(t) });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let output = '';
  child.stderr.on('data', () => {});
  const welcomed = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      output += data;
      if (/--drill-port \d+/.test(output)) resolve();
    });
  });
  await within(Promise.race([welcomed, closed]), 120_000, 'the demo says where drills are asked for');
  const port = /--drill-port (\d+)/.exec(output)[1];
  const drill = (...args) => run(simProgram, ['drill', ...args, '--drill-port', port], { limit: 150_000 });

  await t.test('two cars are led to their bays by the lamps, a strange one is not', async () => {
    const { code, stdout, stderr } = await drill('guide', '--json');
    assert.equal(code, 0, stdout + stderr);
    const report = JSON.parse(stdout);
    assertInOrder(report, ['strange car', 'car 1 at the entrance', 'car 1: lamp-A1 lit', 'car 2 at the entrance', 'all lamps off']);
    assert.match(report.timeline.find(({ mark }) => mark === 'strange car').note, /no_booking/);
  });
  await t.test('an emergency stop is told to everybody although a riser of the mesh is cut', async () => {
    const { code, stdout, stderr } = await drill('link-down', '--json');
    assert.equal(code, 0, stdout + stderr);
    assertInOrder(JSON.parse(stdout), ['west riser cut', 'sample', ...alarmWay, ...allClear, 'mesh whole again']);
  });
  await t.test('after a mains failure the car charges again by itself', async () => {
    const { code, stdout, stderr } = await drill('mains', '--json');
    assert.equal(code, 0, stdout + stderr);
    assertInOrder(JSON.parse(stdout), ['mains will fail', 'contactor open', 'all on battery', 'mains is back', 'charging again']);
  });
  await t.test('a pod that is carried away is locked by the site, and its mover told', async () => {
    const { code, stdout, stderr } = await drill('pod-stray', '--json');
    assert.equal(code, 0, stdout + stderr);
    assertInOrder(JSON.parse(stdout), ['unlocked', 'taken off', 'leaves the site', 'mover told it is locked', 'unlock refused', 'mover told of the silence', 'heard again', 'hangs again']);
  });
  await t.test('the time line for people', async () => {
    const { code, stdout, stderr } = await drill('break-in');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^drill break-in at bay [AB]\d\d\n.*real latencies/);
    assert.match(stdout, /horn and lights[\s\S]*last gateway told[\s\S]*all is well again/);
  });
  await t.test('without far ends the drills of the police say what is missing', async () => {
    const { code, stdout } = await drill('panic');
    assert.equal(code, 1);
    assert.match(stdout, /there are no police here: start the demo with --far-ends/);
  });
  await t.test('a bay that is not there', async () => {
    const { code, stdout } = await drill('overheat', '--bay', 'Z99');
    assert.equal(code, 1);
    assert.match(stdout, /there is no bay of ours with the label Z99/);
  });
  await t.test('nonsense over HTTP', async () => {
    const ask = (body, headers = { 'content-type': 'application/json' }) =>
      fetch(`http://127.0.0.1:${port}/drills`, { method: 'POST', headers, body });
    assert.equal((await ask('{')).status, 400);
    assert.equal((await ask('{"drill":"earthquake"}')).status, 400);
    assert.equal((await ask('{"drill":"smoke"}', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await fetch(`http://127.0.0.1:${port}/elsewhere`)).status, 404);
    const names = (await (await fetch(`http://127.0.0.1:${port}/drills`)).json()).map((one) => one.drill);
    assert.deepEqual(names, ['overheat', 'smoke', 'wrong-car', 'break-in', 'mains', 'link-down', 'pod-stray', 'guide', 'wanted-plate', 'panic']);
  });
  await t.test('a camera shows its bay', async () => {
    const picture = await fetch(`http://127.0.0.1:${port}/cameras/A03.jpg`);
    assert.equal(picture.status, 200);
    assert.equal(picture.headers.get('content-type'), 'image/jpeg');
    const bytes = new Uint8Array(await picture.arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    assert.equal((await fetch(`http://127.0.0.1:${port}/cameras/Z99.jpg`)).status, 404);
  });
  child.kill('SIGINT');
  const [code] = await within(closed, 60_000, 'the demo ends');
  assert.equal(code, 0);
});

// The far ends are programs of their own that share no code with ours; Kannel only where it is installed.
const farEnds = ['--far-ends', path.join(root, 'tests/conformance')];
const smsCentre = (mark) => (missing ? [] : [mark]);
// The one that needs a free bay comes first: after smoke there are fewer.
const drills = {
  'wrong-car': ['bay held', 'wrong car', 'incident in the feed', ...smsCentre('SMS centre has it'), 'wrong car gone'],
  'wanted-plate': ['order brought', 'order_taken', 'wanted car', 'police platform has it', 'wanted car gone', 'order_withdrawn'],
  panic: ['button pressed', 'alarm raised', 'police alarm desk has it', 'acknowledged', 'closed', 'police alarm desk has all-clear'],
  overheat: ['sample', 'contactor open', 'fire centre has it', 'fire centre has all-clear'],
  smoke: ['sample', 'contactor open', 'fire centre has it', 'fire centre has all-clear'],
};
test('drills go all the way to the far ends', { timeout: 600_000 }, async (t) => {
  const env = await environment(t);
  const child = spawn(simProgram, ['demo', ...small, ...farEnds], { env });
  t.after(() => child.kill('SIGTERM'));
  const closed = once(child, 'close');
  let output = '';
  child.stderr.on('data', (data) => (output += data));
  const welcomed = new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      output += data;
      if (/--drill-port \d+/.test(output)) resolve();
    });
  });
  await within(Promise.race([welcomed, closed]), 120_000, 'the demo says where drills are asked for');
  const port = /--drill-port (\d+)/.exec(output)?.[1];
  assert.ok(port, output);
  for (const [name, marks] of Object.entries(drills)) {
    await t.test(name, async () => {
      const { code, stdout, stderr } = await run(simProgram, ['drill', name, '--json', '--drill-port', port], { limit: 150_000 });
      assert.equal(code, 0, stdout + stderr);
      assertInOrder(JSON.parse(stdout), marks);
      // Which far end is told of the end first is nobody's concern.
      if (marks.includes('fire centre has it')) assertInOrder(JSON.parse(stdout), ['sample', ...smsCentre('SMS centre has it'), ...smsCentre('SMS centre has all-clear')]);
    });
  }
  child.kill('SIGINT');
  const [code] = await within(closed, 60_000, 'the demo ends');
  assert.equal(code, 0, output.slice(-2000));
  assert.deepEqual(await readdir(env.TMPDIR), [], 'no far end has left anything');
});

test('no demo is running: the drill says so', async () => {
  const { code, stderr } = await run(simProgram, ['drill', 'smoke', '--drill-port', '1']);
  assert.equal(code, 1);
  assert.match(stderr, /no demo answers at 127\.0\.0\.1 port 1/);
});

test('Ctrl-C ends a demo in the middle of its drill, and nothing stays behind', { timeout: 200_000 }, async (t) => {
  const env = await environment(t);
  const child = spawn(simProgram, ['demo', ...small, '--headless', '--drill', 'server-down', '--outage', '3600'], { env });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let output = '';
  child.stdout.resume();
  const begun = new Promise((resolve) => {
    child.stderr.on('data', (data) => {
      output += data;
      if (output.includes('Bayward demo')) resolve();
    });
  });
  await within(Promise.race([begun, closed]), 120_000, 'the demo begins');
  child.kill('SIGINT');
  const [code] = await within(closed, 30_000, 'it ends');
  assert.equal(code, 130, output.slice(-2000));
  assert.deepEqual(await readdir(env.TMPDIR), [], 'the temporary directory is gone');
});

test('with the server dead, charging and alarms in the garage go on; every session is billed once', { timeout: 300_000 }, async (t) => {
  const { code, stdout, stderr } = await run(
    simProgram,
    ['demo', '--port', '0', '--headless', '--drill', 'server-down', '--outage', '12'],
    { env: await environment(t), limit: 280_000 },
  );
  assert.equal(code, 0, stdout + stderr.slice(-3000));
  const report = JSON.parse(stdout);
  assertInOrder(report, [
    'cars charge',
    'server killed',
    'charging begins',
    'early hold',
    'sample',
    'contactor open',
    'last gateway told',
    'late hold',
    'a car leaves',
    'charging went on',
    'server listens',
    'books agree',
    'holds agree',
  ]);
  const { ledger_sum, overlaps, unanswered_calls } = report.books;
  assert.deepEqual({ ledger_sum, overlaps, unanswered_calls }, { ledger_sum: 0, overlaps: 0, unanswered_calls: 0 });
});
