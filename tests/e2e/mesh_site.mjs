// A site of real bayward-mesh processes: each in a network namespace of its own, joined by veth pairs and bridges
// (needs root), or on UDP over loopback (needs nothing). Also the judge: tshark's ieee1905 dissector.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { programs, within } from './program.mjs';

const meshProgram = path.join(programs, 'bayward-mesh');

function ip(...args) {
  const done = spawnSync('ip', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr}`);
}

// Why namespaces can't be had here, or nothing.
export function whyNoNamespaces() {
  if (process.getuid() !== 0) return 'needs root for network namespaces';
  const name = `bwmesh-try-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.error) return 'needs the program ip (iproute2)';
  if (made.status !== 0) return `network namespaces can't be made here: ${made.stderr.trim()}`;
  ip('netns', 'del', name);
  return undefined;
}

export function hasNetem() {
  const name = `bwmesh-netem-${process.pid}`;
  ip('netns', 'add', name);
  try {
    ip('-n', name, 'link', 'add', 'dev', 'veth0', 'type', 'veth', 'peer', 'name', 'veth1');
    const tried = spawnSync('tc', ['-n', name, 'qdisc', 'add', 'dev', 'veth0', 'root', 'netem', 'loss', '1%']);
    return tried.status === 0;
  } finally {
    ip('netns', 'del', name);
  }
}

export const line = (count) => Array.from({ length: count - 1 }, (_, i) => [i, i + 1]);
export const ring = (count) => [...line(count), [count - 1, 0]];
// All on one switch.
export const star = (count) => [Array.from({ length: count }, (_, i) => i)];

export const alMac = (i) => `02:00:5e:00:53:${(i + 1).toString(16).padStart(2, '0')}`;

// One process, its lines of JSON, and ways to wait for them.
class Gateway {
  constructor(child) {
    this.child = child;
    this.events = [];
    this.errors = '';
    this.waiting = new Set();
    child.stderr.on('data', (data) => (this.errors += data));
    child.stdin.on('error', () => {}); // it may have ended
    createInterface({ input: child.stdout }).on('line', (text) => {
      const event = JSON.parse(text);
      this.events.push(event);
      for (const wake of [...this.waiting]) wake();
    });
    this.ended = once(child, 'close');
  }
  say(text) {
    this.child.stdin.write(`${text}\n`);
  }
  // The first event since `from` for which `good` holds.
  async event(good, what, limit = 10_000, from = 0) {
    let wake;
    const found = new Promise((resolve) => {
      wake = () => {
        const event = this.events.slice(from).find(good);
        if (event) resolve(event);
      };
      this.waiting.add(wake);
      wake();
    });
    return within(found, limit, what).finally(() => this.waiting.delete(wake));
  }
  // Says it and waits for the event of that name that answers.
  async ask(text, answer) {
    const from = this.events.length;
    this.say(text);
    return this.event((event) => event.event === answer, `answer to ${text}`, 10_000, from);
  }
  async topology() {
    return (await this.ask('topology', 'topology')).topology;
  }
  async stop() {
    this.child.stdin.end();
    await this.ended;
  }
}

export class Site {
  // segments: lists of gateways on one wire; kind: 'veth' or 'udp'; args: further options of each process; capture: a
  // segment that tshark listens to from before the first frame; urgent: with real-time priority (root only)
  static async start(t, { directory, count, segments, kind, priorities = [], args = [], capture, urgent = false }) {
    const site = new Site();
    Object.assign(site, { directory, segments, kind, count, urgent, tag: `bw${process.pid % 10000}x${site_number++}` });
    site.key = path.join(directory, 'mesh.key');
    await writeFile(site.key, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    site.gateways = [];
    site.captures = [];
    site.spaces = [];
    t.after(() => site.close());
    if (kind === 'veth') site.wire();
    else await site.choosePorts();
    if (capture !== undefined) await site.capture(segments[capture][0], capture);
    for (let i = 0; i < count; ++i) site.launch(i, [...args, '--priority', String(priorities[i] ?? 0)]);
    return site;
  }

  wire() {
    for (let i = 0; i < this.count; ++i) this.space(`${this.tag}g${i}`);
    this.segments.forEach((members, s) => {
      if (members.length === 2) {
        const [a, b] = members;
        ip('-n', this.spaces[a], 'link', 'add', 'dev', `m${s}`, 'type', 'veth', 'peer', 'name', `m${s}`, 'netns', this.spaces[b]);
      } else {
        const hub = this.space(`${this.tag}s${s}`);
        ip('-n', hub, 'link', 'add', 'dev', 'br0', 'type', 'bridge');
        ip('-n', hub, 'link', 'set', 'dev', 'br0', 'up');
        for (const member of members) {
          ip('-n', hub, 'link', 'add', 'dev', `p${member}`, 'type', 'veth', 'peer', 'name', `m${s}`, 'netns', this.spaces[member]);
          ip('-n', hub, 'link', 'set', 'dev', `p${member}`, 'master', 'br0', 'up');
        }
      }
      for (const member of members) ip('-n', this.spaces[member], 'link', 'set', 'dev', `m${s}`, 'up');
    });
  }
  space(name) {
    ip('netns', 'add', name);
    this.spaces.push(name);
    return name;
  }

  async choosePorts() {
    const sockets = [];
    this.ports = [];
    for (const members of this.segments) {
      const ports = {};
      for (const member of members) {
        const socket = dgram.createSocket('udp4');
        sockets.push(socket);
        socket.bind(0, '127.0.0.1');
        await once(socket, 'listening');
        ports[member] = socket.address().port;
      }
      this.ports.push(ports);
    }
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.close(resolve))));
  }

  linkArgs(i) {
    return this.segments.flatMap((members, s) => {
      if (!members.includes(i)) return [];
      if (this.kind === 'veth') return ['--interface', `m${s}`];
      const others = members.filter((member) => member !== i).map((member) => `127.0.0.1:${this.ports[s][member]}`);
      return ['--udp', [`127.0.0.1:${this.ports[s][i]}`, ...others].join(',')];
    });
  }
  launch(i, args = []) {
    const own = ['listen', '--commands', '--key-file', this.key, '--al-mac', alMac(i), '--name', `g${i}`];
    const counters = ['--counters', path.join(this.directory, `${this.tag}-${i}.counters`), '--test-seed', String(i)];
    const command = [meshProgram, ...own, ...counters, ...this.linkArgs(i), ...args];
    if (this.urgent) command.unshift('chrt', '-f', '10');
    const inside = this.kind === 'veth' ? ['ip', 'netns', 'exec', this.spaces[i], ...command] : command;
    this.gateways[i] = new Gateway(spawn(inside[0], inside.slice(1)));
    return this.gateways[i];
  }

  // Until every gateway sees `wanted` others.
  async converged(wanted = this.count - 1, among = this.gateways, limit = 30_000) {
    const end = Date.now() + limit;
    for (const gateway of among) {
      for (;;) {
        const { devices } = await gateway.topology();
        if (devices.filter((device) => device.gateway).length - 1 === wanted) break;
        if (Date.now() > end) throw new Error(`a gateway sees not ${wanted} others: ${JSON.stringify(devices)}\n${gateway.errors}`);
        await new Promise((resolve) => setTimeout(resolve, 50)); // poll
      }
    }
  }

  // Raises one at gateway `from`: { id, at_us, received: [microseconds until each other gateway was told] }.
  async alarm(from, { limit = 10_000, to = this.gateways.map((_, i) => i) } = {}) {
    const raised = await this.gateways[from].ask('alarm A1', 'alarm_raised');
    const others = to.filter((i) => i !== from);
    const received = await Promise.all(
      others.map((i) =>
        this.gateways[i].event((event) => event.event === 'alarm_received' && event.id === raised.id, `g${i} is told of ${raised.id}`, limit),
      ),
    );
    return { id: raised.id, at_us: raised.monotonic_us, received: received.map((event) => event.monotonic_us - raised.monotonic_us) };
  }
  async acked(from, id, limit = 20_000) {
    return this.gateways[from].event((event) => event.event === 'alarm_acked' && event.id === id && event.missing === 0, `all ack ${id}`, limit);
  }

  link(s, gateway, state) {
    ip('-n', this.spaces[gateway], 'link', 'set', 'dev', `m${s}`, state);
  }
  netem(spec) {
    this.segments.forEach((members, s) => {
      for (const member of members) {
        const args = ['-n', this.spaces[member], 'qdisc', 'add', 'dev', `m${s}`, 'root', 'netem', ...spec];
        const done = spawnSync('tc', args, { encoding: 'utf8' });
        if (done.status !== 0) throw new Error(`tc ${args.join(' ')}: ${done.stderr}`);
      }
    });
  }

  // What passes on a segment, as seen by a gateway, until judge().
  async capture(gateway, s) {
    const file = path.join(this.directory, `${this.tag}-${s}.pcapng`);
    const args = ['netns', 'exec', this.spaces[gateway], 'tshark', '-q', '-i', `m${s}`, '-w', file];
    const child = spawn('ip', args, { stdio: 'ignore' });
    this.captures.push({ child, file, ended: once(child, 'close') });
    const end = Date.now() + 20_000;
    // The file begins when the capture does.
    while (!(await stat(file).catch(() => ({ size: 0 }))).size) {
      if (Date.now() > end) throw new Error('tshark does not capture');
      await new Promise((resolve) => setTimeout(resolve, 50)); // poll
    }
  }
  // Ends the captures: { frames, dissected, complaints, types, unnamed }.
  async judge() {
    const out = { frames: 0, dissected: 0, complaints: 0, vendor: 0, named: 0, types: new Set() };
    for (const { child, file, ended } of this.captures.splice(0)) {
      child.kill('SIGINT');
      await ended;
      const fields = ['frame.protocols', 'ieee1905.message_type', 'ieee1905.vendor_specific.oui', 'ieee1905.1905_al_mac_addr', '_ws.expert.message', '_ws.malformed'];
      const read = spawnSync('tshark', ['-r', file, '-Y', 'eth.type == 0x893a', '-T', 'fields', ...fields.flatMap((field) => ['-e', field])], { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (read.status !== 0) throw new Error(`tshark: ${read.stderr}`);
      for (const text of read.stdout.split('\n').filter(Boolean)) {
        const [protocols, type, oui, alMacField, expert, malformed] = text.split('\t');
        ++out.frames;
        if (protocols.endsWith('ieee1905')) ++out.dissected;
        if (expert || malformed) ++out.complaints;
        out.types.add(Number(type));
        if (Number(type) !== 4) continue;
        ++out.vendor;
        if (oui && alMacField) ++out.named;
      }
    }
    return out;
  }

  async close() {
    for (const gateway of this.gateways) gateway.child.stdin.end();
    for (const { child } of this.captures) child.kill('SIGKILL');
    await Promise.all(this.gateways.map((gateway) => within(gateway.ended, 5_000, 'a gateway ends').catch(() => gateway.child.kill('SIGKILL'))));
    for (const name of this.spaces) spawnSync('ip', ['netns', 'del', name]);
  }
}
let site_number = 0;
