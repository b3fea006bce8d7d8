// See bench/ocpp-tls/run.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { WebSocket } from 'ws';

const [port, tlsPort, serverPid, credentials, phone, password, seconds] = process.argv.slice(2);
const together = 64; // handshakes at a time
const say = (text) => process.stderr.write(`${text}\n`);
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${serverPid}/status`, 'utf8'))[1]) / 1024;
const cpuUs = () => {
  const fields = readFileSync(`/proc/${serverPid}/stat`, 'utf8').split(') ').pop().split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
};

async function trusted() {
  const api = `http://127.0.0.1:${port}/api/v1`;
  const login = await fetch(`${api}/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ phone, password }) });
  const { token } = await login.json();
  const roots = await fetch(`${api}/station-authority`, { headers: { authorization: `Bearer ${token}` } });
  return roots.text();
}

let lost = 0;

class Station {
  static async connect([identity, secret], secureContext, number) {
    const station = new Station();
    station.last = 0;
    station.socket = new WebSocket(`wss://127.0.0.1:${tlsPort}/ocpp/${identity}`, ['ocpp1.6'], {
      headers: { authorization: `Basic ${Buffer.from(`${identity}:${secret}`).toString('base64')}` },
      localAddress: `127.0.0.${1 + (number % 8)}`,
      perMessageDeflate: false,
      secureContext,
    });
    station.socket.on('message', (data) => station.#take(data.toString()));
    await once(station.socket, 'open');
    station.socket.on('close', () => ++lost);
    await new Promise((resolve) => station.call('BootNotification', '{"chargePointVendor":"Bench","chargePointModel":"Bench"}', resolve));
    return station;
  }
  #take(text) {
    if (text.startsWith('[2,')) return this.socket.send(`[4,"${JSON.parse(text)[1]}","NotImplemented","",{}]`);
    this.answered();
  }
  call(action, payload, answered) {
    this.answered = answered;
    this.socket.send(`[2,"${++this.last}","${action}",${payload}]`);
  }
}

const ca = await trusted();
const secureContext = createSecureContext({ ca });
const known = readFileSync(credentials, 'utf8').trim().split('\n').map((line) => line.split(' '));
const before = residentMb();
const began = performance.now();
const stations = [];
let next = 0;
const connectSome = async () => {
  while (next < known.length) {
    const number = next++;
    stations.push(await Station.connect(known[number], secureContext, number));
    if (stations.length % 1000 === 0) say(`${stations.length} connected`);
  }
};
await Promise.all(Array.from({ length: together }, connectSome));
const handshakes = (stations.length * 1000) / (performance.now() - began);
await new Promise((wake) => setTimeout(wake, 5000)); // idle
const mb = ((residentMb() - before) / stations.length) * 1000;

say(`heartbeats on ${stations.length} connections`);
let answers = 0;
let stopped = false;
const cpuBefore = cpuUs();
const start = performance.now();
const beat = (station) => {
  if (!stopped) station.call('Heartbeat', '{}', () => (++answers, beat(station)));
};
stations.forEach(beat);
await new Promise((wake) => setTimeout(wake, Number(seconds) * 1000));
stopped = true;
const rate = (answers * 1000) / (performance.now() - start);
const cost = (cpuUs() - cpuBefore) / answers;
console.log(
  `ocpp-tls stations=${stations.length} mb_per_1000=${mb.toFixed(1)} handshakes_s=${handshakes.toFixed(0)} heartbeats_s=${rate.toFixed(0)} us_per_call=${cost.toFixed(1)} lost=${lost}`,
);
process.exit(mb <= 40 && lost === 0 ? 0 : 1);
