// See bench/alarm/run. The far ends are the tests' own: a centre of GB/T 26875.3, an office that takes webhooks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { Centre } from '../../tests/conformance/fire_centre.mjs';
import { acknowledge, listen } from '../../tests/e2e/alarm_site.mjs';
import { directory, eventually, init, operator, operatorOf, programs, run, Server } from '../../tests/e2e/program.mjs';

const limits = { feed_p50_ms: 5, feed_p99_ms: 25, fire_p99_ms: 50, burst_s: 10 };
const count = (name, usual) => Number(process.env[name] ?? usual);
const incidents = count('BENCH_INCIDENTS', 10_000);
const alarms = count('BENCH_ALARMS', 600);
const burst = count('BENCH_BURST', 5_000);
const evses = 32; // of a station
const stationsOfSite = 20;
const pauseMs = 30; // between two alarms
const loadPhaseS = Math.ceil((alarms * pauseMs) / 2000) + 2; // heartbeats for so long, then meter values

const ends = [];
const t = { after: (end) => ends.unshift(end) };
const say = (text) => process.stderr.write(`${text}\n`);
const percentile = (values, part) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))];

function groupedByStation(bays) {
  const out = new Map();
  for (const bay of bays) out.set(bay.number, [...(out.get(bay.number) ?? []), bay]);
  return out;
}

// Many requests, some at a time; the answers in order.
async function all(items, make, together = 48) {
  const out = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const at = next++;
      out[at] = await make(items[at], at);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return out;
}

// Of OCPP 2.0.1: one call open at a time, its own calls answered as not implemented.
class Station {
  static async connect(server, { identity, password }) {
    const station = new Station();
    station.open = new Map();
    station.serial = 0;
    station.socket = new WebSocket(`${server.url.replace('http', 'ws')}/ocpp/${identity}`, ['ocpp2.0.1'], {
      headers: { authorization: `Basic ${Buffer.from(`${identity}:${password}`).toString('base64')}` },
      perMessageDeflate: false,
    });
    station.socket.on('message', (data) => station.#take(JSON.parse(data)));
    t.after(() => station.socket.terminate());
    await once(station.socket, 'open');
    await station.call('BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Bench', model: 'Bench' } });
    return station;
  }
  #take([type, id, ...rest]) {
    if (type === 2) return this.socket.send(JSON.stringify([4, id, 'NotImplemented', '', {}]));
    const done = this.open.get(id);
    this.open.delete(id);
    done(type === 3 ? undefined : new Error(`${rest[0]}: ${rest[1]}`));
  }
  call(action, payload) {
    const id = String(++this.serial);
    const answered = new Promise((resolve, reject) => {
      this.open.set(id, (error) => (error ? reject(error) : resolve()));
    });
    this.socket.send(JSON.stringify([2, id, action, payload]));
    return answered;
  }
  danger(evse, component, variable, value = 'true') {
    const at = new Date().toISOString();
    const event = {
      eventId: this.serial + 1,
      timestamp: at,
      trigger: 'Alerting',
      actualValue: value,
      eventNotificationType: 'HardWiredNotification',
      component: { name: component, evse: { id: evse } },
      variable: { name: variable },
    };
    return this.call('NotifyEvent', { generatedAt: at, seqNo: 0, eventData: [event] });
  }
}

async function configured(dir, office, centre) {
  await writeFile(path.join(dir, 'secret'), 'a secret of the office\n');
  const file = path.join(dir, 'server.toml');
  await writeFile(
    file,
    `[alarms]
property = ["webhook:office"]
fire_desk = ["fire:district"]
[alarms.webhooks.office]
url = "http://127.0.0.1:${office.port}/alarms"
secret_file = "${dir}/secret"
[alarms.fire.district]
protocol = "gbt26875"
addresses = ["127.0.0.1:${centre.port}"]
device = "010203040506"
centre = "111213141516"
`,
  );
  return ['--config', file, '--rate-limit-scale', '100000'];
}

// Stations with 32 bays each, the bays 100 m apart: no two are one fire.
async function build(staff, stations) {
  const sites = await all(Array.from({ length: Math.ceil(stations / stationsOfSite) }), async (_, i) => {
    const { account } = (await staff.get('/me')).body;
    const { site } = await staff.post('/sites', {
      name: `District ${i}`,
      place: { latitude: 52.4 + i * 0.01, longitude: 13.4 },
      currency: 'EUR',
      time_zone: 'Europe/Berlin',
      community: account,
    });
    return { site, owner: account };
  });
  const made = await all(Array.from({ length: stations }), async (_, i) => {
    const { site, owner } = sites[Math.floor(i / stationsOfSite)];
    const identity = `ALARM-${i}`;
    const { station, password } = await staff.post(`/sites/${site}/stations`, { identity });
    return { site, owner, station, identity, password, number: i };
  });
  const bays = made.flatMap((one) => Array.from({ length: evses }, (_, e) => ({ ...one, evse: e + 1 })));
  const ids = await all(bays, async ({ site, owner, station, evse, number }) => {
    const { bay } = await staff.post(`/sites/${site}/bays`, {
      label: `B${number}/${evse}.`,
      owner,
      east_m: evse * 100,
      north_m: (number % stationsOfSite) * 100,
      charger: { station, evse, connector: 'iec_62196_t2', power_max_w: 11_000 },
    });
    return bay;
  });
  return { sites, stations: made, bays: bays.map((one, i) => ({ ...one, bay: ids[i] })) };
}

// Calls `heard(bay, kind)` for each incident that opens, as the feed says it.
async function watchFeed(server, token, heard) {
  const request = http.get(`${server.url}/api/v1/feed`, { headers: { authorization: `Bearer ${token}` } });
  t.after(() => request.destroy());
  request.on('error', () => {});
  const [response] = await once(request, 'response');
  if (response.statusCode !== 200) throw new Error(`the feed answers ${response.statusCode}`);
  let kept = '';
  response.setEncoding('utf8');
  response.on('data', (data) => {
    kept += data;
    for (let end; (end = kept.indexOf('\n\n')) >= 0; kept = kept.slice(end + 2)) {
      const line = kept.slice(0, end).split('\n').find((one) => one.startsWith('data:') && one.includes('"incident_kind"'));
      if (!line) continue;
      const { bay, incident_kind: kind } = JSON.parse(line.slice(5));
      heard(bay, kind);
    }
  });
}

async function fullRate(server) {
  const bench = path.join(programs, 'ocpp_bench');
  const port = String(server.port);
  const credentials = path.join(await directory(t), 'credentials');
  const made = await run(bench, ['register', port, operator.phone, operator.password]);
  if (made.code !== 0) throw new Error(`ocpp_bench register: ${made.stderr}`);
  await writeFile(credentials, made.stdout);
  const child = spawn(bench, ['rate', port, credentials, String(loadPhaseS), String(server.child.pid)]);
  t.after(() => child.kill());
  let out = '';
  child.stdout.on('data', (data) => (out += data));
  const ended = once(child, 'close').then(() => out.trim());
  await new Promise((wake) => setTimeout(wake, 2000)); // until they have connected
  return ended;
}

async function measureAlarms(place, server, token, centre) {
  const sent = new Map(); // by bay
  const feed = [];
  const fire = [];
  const left = place.bays.slice(-alarms);
  await watchFeed(server, token, (bay, kind) => {
    const at = sent.get(bay);
    if (kind !== 'smoke' || !at || at.feed) return;
    at.feed = true;
    feed.push(performance.now() - at.sent);
  });
  let known = centre.units.length;
  const label = new Map(left.map((one) => [`B${one.number}/${one.evse}.`, one.bay]));
  centre.on('changed', () => {
    for (; known < centre.units.length; ++known) {
      const unit = centre.units[known];
      const bay = unit.type === 2 && [...label].find(([text]) => unit.text.startsWith(text))?.[1];
      const at = bay && sent.get(bay);
      if (!at || at.fire) continue;
      at.fire = true;
      fire.push(performance.now() - at.sent);
    }
  });
  const answers = [];
  for (const { bay, number, evse } of left) {
    sent.set(bay, { sent: performance.now() });
    answers.push(place.connected[number].danger(evse, 'FireSensor', 'Tripped'));
    await new Promise((wake) => setTimeout(wake, pauseMs));
  }
  await Promise.all(answers);
  await eventually(async () => [feed.length, fire.length], ([a, b]) => a === left.length && b === left.length, 'all alarms are told', 60_000);
  return { feed, fire };
}

// Every station loses its mains and says so for each of its bays, one call after the other.
async function blackOut(place, staff, office) {
  const bays = place.bays.slice(0, burst);
  const byStation = groupedByStation(bays);
  const sites = [...new Set(bays.map(({ site }) => site))];
  const kept = office.requests.length;
  const began = performance.now();
  await Promise.all(
    [...byStation].map(async ([number, mine]) => {
      for (const { evse } of mine) await place.connected[number].danger(evse, 'ElectricalFeed', 'Active', 'false');
    }),
  );
  const answered = (performance.now() - began) / 1000;
  const groups = await all(sites, async (site) => {
    const { body } = await eventually(
      () => staff.get(`/sites/${site}/incidents?limit=100`),
      ({ body }) => body.items?.some(({ kind, over }) => kind === 'mains_lost' && !over),
      'the site has its incident',
    );
    return body.items.filter(({ kind }) => kind === 'mains_lost').map(({ incident }) => incident);
  });
  const rows = groups.flat();
  const stories = await all(rows, (incident) =>
    eventually(
      async () => (await staff.get(`/incidents/${incident}`)).body,
      ({ deliveries }) => deliveries.some(({ party }) => party === 'property') && deliveries.every(({ party, state }) => party !== 'property' || state === 'delivered'),
      'the property office has been told',
      60_000,
    ),
  );
  const seconds = (performance.now() - began) / 1000;
  const sources = stories.reduce((sum, { sources }) => sum + sources.length, 0);
  const told = office.requests.slice(kept).length;
  say(`black-out: ${burst} alarms at ${sites.length} sites, answered in ${answered.toFixed(2)} s; ${rows.length} incidents with ${sources} sensors in all, ${told} messages to the office`);
  if (sources < burst) throw new Error(`only ${sources} of ${burst} alarms are in an incident`);
  return seconds;
}

async function main() {
  const office = await listen(t, acknowledge);
  const centre = await new Centre().listen();
  t.after(() => centre.close());
  const dir = await directory(t, process.env.TMPDIR ?? (process.platform === 'linux' ? '/var/tmp' : tmpdir()));
  const dataDir = path.join(dir, 'data');
  await init(dataDir);
  const server = await Server.start(t, dataDir, await configured(dir, office, centre));
  const staff = await operatorOf(server);
  say('building the district');
  const place = await build(staff, Math.ceil((incidents + alarms) / evses) + 1);
  place.connected = await all(place.stations, (station) => Station.connect(server, station));
  say(`opening ${incidents} incidents`);
  const byStation = [...groupedByStation(place.bays.slice(0, incidents))];
  await Promise.all(
    byStation.map(async ([number, bays]) => {
      for (const { evse } of bays) await place.connected[number].danger(evse, 'EmergencyStopSensor', 'Tripped');
    }),
  );
  await eventually(async () => office.requests.length, (told) => told >= incidents, 'the office has been told of all', 120_000);
  say(`1,000 stations at full rate; ${alarms} alarms`);
  const load = await fullRate(server);
  const { feed, fire } = await measureAlarms(place, server, staff.token, centre);
  const [heartbeats, meters] = (await load).split(' ');
  say(`meanwhile ${heartbeats} heartbeats/s, then ${meters} meter values/s`);
  const burst_s = await blackOut(place, staff, office);
  if (centre.complaints.length > 0) throw new Error(`the fire centre complains: ${centre.complaints[0]}`);
  const seen = {
    feed_p50_ms: percentile(feed, 0.5),
    feed_p99_ms: percentile(feed, 0.99),
    fire_p99_ms: percentile(fire, 0.99),
    burst_s,
  };
  console.log(`alarm ${Object.entries(seen).map(([name, value]) => `${name}=${value.toFixed(2)}`).join(' ')}`);
  return Object.entries(limits).every(([name, limit]) => seen[name] < limit) ? 0 : 1;
}

let code = 1;
try {
  code = await main();
} catch (error) {
  say(error.stack);
} finally {
  for (const end of ends) await end();
}
process.exit(code);
