// See run.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { line, Site, whyNoNamespaces } from '../../tests/e2e/mesh_site.mjs';

const limitMs = 5;
const count = 12;
const alarms = Number(process.env.BENCH_ALARMS ?? 300);

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))];

// Milliseconds from each alarm to each other gateway; undelivered ones throw.
async function measure(kind, number, { args = [], urgent = kind === 'veth', spacingMs = 20 }) {
  const cleanups = [];
  const directory = await mkdtemp(path.join(tmpdir(), 'bayward-bench-mesh-'));
  try {
    const t = { after: (work) => cleanups.push(work) };
    const site = await Site.start(t, { directory, count, segments: line(count), kind, args, urgent });
    await site.converged(count - 1, site.gateways, 60_000);
    await new Promise((resolve) => setTimeout(resolve, 1000)); // greetings after the start are over
    const all = [];
    for (let i = 0; i < number; ++i) {
      const { id, received } = await site.alarm(0, { limit: 30_000 });
      all.push(...received.map((us) => us / 1000));
      await site.acked(0, id, 60_000);
      site.gateways[0].say(`clear ${id}`);
      await new Promise((resolve) => setTimeout(resolve, spacingMs));
    }
    return all.sort((a, b) => a - b);
  } finally {
    for (const work of cleanups) await work();
    await rm(directory, { recursive: true, force: true });
  }
}

const report = (what, sorted) =>
  console.error(
    `${what}: ${sorted.length} deliveries, p50 ${percentile(sorted, 50).toFixed(2)} ms, p99 ${percentile(sorted, 99).toFixed(2)} ms, slowest ${sorted.at(-1).toFixed(2)} ms`,
  );

const why = whyNoNamespaces();
const kind = why === undefined ? 'veth' : 'udp';
const few = Math.ceil(alarms / 10);
console.error(why === undefined ? 'line of 12 in network namespaces' : `line of 12 on UDP over loopback: ${why}`);
const clean = await measure(kind, alarms, {});
report('no loss', clean);
const lossy = await measure(kind, few, { args: ['--test-loss', '200'], spacingMs: 50 });
report('20 % loss', lossy);
console.error(`delivered ${clean.length + lossy.length} of ${(alarms + few) * (count - 1)}`);
report('no loss, without real-time priority (depends on what else runs)', await measure(kind, few, { urgent: false }));
const ours = percentile(clean, 99);
console.log(`mesh ours=${ours.toFixed(2)} peer=${limitMs.toFixed(1)} ratio=${(limitMs / ours).toFixed(2)}`);
