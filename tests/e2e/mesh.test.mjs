// Twelve gateways as real processes: in network namespaces joined as line, star and ring, judged by tshark; and on UDP.
// Where the kernel has no netem, loss, repeats and reordering come from the program's own test options.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directory } from './program.mjs';
import { alMac, hasNetem, line, ring, Site, star, whyNoNamespaces } from './mesh_site.mjs';

const count = 12;
const skip = whyNoNamespaces();
const shapes = { line: line(count), star: star(count), ring: ring(count) };

for (const [shape, segments] of Object.entries(shapes)) {
  test(`in a ${shape} of twelve an alarm reaches all, all ack, and tshark finds nothing wrong`, { skip, timeout: 120_000 }, async (t) => {
    const site = await Site.start(t, { directory: await directory(t), count, segments, kind: 'veth', priorities: [1, 2], capture: 0 });
    await site.converged();
    const { id, received } = await site.alarm(count - 1);
    assert.equal(received.length, count - 1);
    await site.acked(count - 1, id);
    site.gateways[0].say('state A1');
    await site.gateways[count - 1].event((event) => event.event === 'state_received' && event.bay === 'A1', 'the state arrives');
    site.gateways[0].say(`clear ${id}`);
    await Promise.all(
      site.gateways.slice(1).map((gateway) => gateway.event((event) => event.event === 'alarm_cleared' && event.id === id, 'the all-clear arrives')),
    );
    const { controller } = await site.gateways[5].topology();
    assert.equal(controller, alMac(1), 'the candidate of highest priority acts');

    const judged = await site.judge();
    t.diagnostic(`tshark: ${judged.frames} frames, slowest gateway told after ${Math.max(...received) / 1000} ms`);
    assert.ok(judged.frames > 20);
    assert.equal(judged.dissected, judged.frames);
    assert.equal(judged.complaints, 0);
    assert.equal(judged.named, judged.vendor);
    for (const type of [0, 1, 2, 3, 4]) assert.ok(judged.types.has(type), `message type ${type} was seen`);
    for (const gateway of site.gateways) {
      const counters = await gateway.ask('counters', 'counters');
      assert.equal(counters.malformed + counters.forged + counters.table_full, 0, JSON.stringify(counters));
    }
  });
}

test('at 20 % loss with repeats and reordering every alarm reaches all twelve in a line', { skip, timeout: 180_000 }, async (t) => {
  const netem = skip === undefined && hasNetem();
  t.diagnostic(netem ? 'faults by netem' : "this kernel has no netem: faults by the program's test options");
  const args = netem ? [] : ['--test-loss', '200', '--test-duplicate', '50', '--test-reorder', '100'];
  const site = await Site.start(t, { directory: await directory(t), count, segments: line(count), kind: 'veth', args });
  if (netem) site.netem(['delay', '1ms', '1ms', 'loss', '20%', 'duplicate', '5%', 'reorder', '10%']);
  await site.converged(count - 1, site.gateways, 60_000);
  const slowest = [];
  for (let i = 0; i < 10; ++i) {
    const { id, received } = await site.alarm(i % 2 === 0 ? 0 : count - 1);
    slowest.push(Math.max(...received) / 1000);
    await site.acked(i % 2 === 0 ? 0 : count - 1, id);
    site.gateways[5].say(`clear ${id}`);
  }
  t.diagnostic(`until the last gateway was told: ${slowest.map((ms) => ms.toFixed(0)).join(', ')} ms`);
});

test('a cut line heals: two controllers, then one, and each half learns what the other raised', { skip, timeout: 120_000 }, async (t) => {
  const priorities = Array(count).fill(0);
  priorities[0] = 5;
  priorities[count - 1] = 9;
  const site = await Site.start(t, { directory: await directory(t), count, segments: line(count), kind: 'veth', priorities });
  await site.converged();
  site.link(5, 5, 'down'); // between gateways 5 and 6
  const left = site.gateways.slice(0, 6);
  const right = site.gateways.slice(6);
  await site.converged(5, left);
  await site.converged(5, right);
  assert.equal((await left[3].topology()).controller, alMac(0));
  assert.equal((await right[3].topology()).controller, alMac(count - 1));
  const here = await site.alarm(0, { to: [0, 1, 2, 3, 4, 5] });
  const there = await site.alarm(11, { to: [6, 7, 8, 9, 10, 11] });
  site.link(5, 5, 'up');
  await site.converged();
  await right[5].event((event) => event.event === 'alarm_received' && event.id === here.id, 'the left alarm arrives on the right');
  await left[0].event((event) => event.event === 'alarm_received' && event.id === there.id, 'the right alarm arrives on the left');
  assert.equal((await left[3].topology()).controller, alMac(count - 1));
});

test('a ring loses a link without losing a gateway', { skip, timeout: 120_000 }, async (t) => {
  const site = await Site.start(t, { directory: await directory(t), count, segments: ring(count), kind: 'veth' });
  await site.converged();
  site.link(3, 3, 'down');
  const { id } = await site.alarm(3);
  await site.acked(3, id);
  const lost = site.gateways.flatMap((gateway) => gateway.events.filter((event) => event.event === 'gateway_lost'));
  assert.deepEqual(lost, []);
});

test('a killed gateway is missed within seconds, and is told of open alarms when it is back', { timeout: 60_000 }, async (t) => {
  const site = await Site.start(t, { directory: await directory(t), count: 3, segments: line(3), kind: 'udp' });
  await site.converged();
  site.gateways[2].child.kill('SIGKILL');
  await site.gateways[0].event((event) => event.event === 'gateway_lost' && event.gateway === alMac(2), 'it is missed', 15_000);
  const { id } = await site.alarm(0, { to: [0, 1] });
  site.launch(2);
  await site.gateways[2].event((event) => event.event === 'alarm_received' && event.id === id, 'it is told');
  await site.acked(0, id);
});

test('on UDP, without any privilege, an alarm reaches twelve gateways in a ring', { timeout: 60_000 }, async (t) => {
  const site = await Site.start(t, { directory: await directory(t), count, segments: ring(count), kind: 'udp' });
  await site.converged();
  const { id } = await site.alarm(4);
  await site.acked(4, id);
});
