// What the tests of bayward-bay share: the real program on its simulated hardware, and a central system that is not ours
// (npm ocpp-rpc, strict in both directions).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { programs, within } from '../e2e/program.mjs';

const { RPCServer } = createRequire(import.meta.url)('ocpp-rpc');

export const bayProgram = path.join(programs, 'bayward-bay');
export const identity = 'BAY-1';
export const password = 'secret-of-the-bay';

// A charging station management system that keeps what it is told: `await told('StatusNotification', (p) => ...)`.
export class Central {
  static async start(t, { port = 0, boot = {}, answers = {} } = {}) {
    const central = new Central();
    central.messages = []; // { method, params } in the order they came
    central.answers = answers;
    central.boot = boot;
    central.server = new RPCServer({ protocols: ['ocpp2.0.1'], strictMode: true });
    central.server.auth((accept, reject, handshake) => {
      const good = handshake.identity === identity && handshake.password?.toString() === password;
      if (good) accept({});
      else reject(401);
    });
    central.server.on('client', (client) => central.connected(client));
    const http = await central.server.listen(port, '127.0.0.1');
    central.port = http.address().port;
    t.after(() => central.stop());
    return central;
  }
  connected(client) {
    this.client = client;
    client.on('strictValidationFailure', ({ error }) => (this.invalid = error));
    client.handle(({ method, params }) => {
      this.messages.push({ method, params });
      this.waiting?.();
      const answer = this.answers[method];
      if (answer) return answer(params);
      const now = new Date().toISOString();
      if (method === 'BootNotification') return { currentTime: now, interval: 300, status: 'Accepted', ...this.boot };
      if (method === 'Heartbeat') return { currentTime: now };
      if (method === 'Authorize') return { idTokenInfo: { status: 'Accepted' } };
      if (method === 'TransactionEvent') return params.idToken ? { idTokenInfo: { status: 'Accepted' } } : {};
      return {};
    });
  }
  call(method, params = {}) {
    return within(this.client.call(method, params), 10_000, `the bay answers ${method}`);
  }
  // The first message of that kind that came or comes; each is given once.
  async told(method, fits = () => true, limit = 20_000) {
    const end = Date.now() + limit;
    for (;;) {
      const index = this.messages.findIndex((one) => one.method === method && fits(one.params));
      if (index >= 0) return this.messages.splice(index, 1)[0].params;
      const left = end - Date.now();
      const seen = this.messages.map((one) => one.method).join(' ');
      await within(new Promise((resolve) => (this.waiting = resolve)), left, `the bay tells ${method}; seen: ${seen}`);
    }
  }
  async stop() {
    if (!this.server) return;
    const server = this.server;
    this.server = null;
    await server.close({ code: 1001, reason: 'stopping', force: true });
  }
  assertStrict() {
    assert.equal(this.invalid, undefined, `${this.invalid?.message} ${JSON.stringify(this.invalid?.details)}`);
  }
}

export function configuration(dataDir, port, more = '') {
  return `
[station]
identity = "${identity}"
central = "ws://127.0.0.1:${port}/ocpp"
password = "${password}"
data_directory = "${dataDir}"
serial_number = "S-1"
log_level = "debug"
[place]
address = "Dragon Lake, garage 1"
label = "B12"
[bay]
cable = "pvc"
rating_a = 32
${more}
[hardware]
driver = "simulated"
`;
}

// bayward-bay, its log, and its script on standard input.
export class Bay {
  static async start(t, dataDir, port, { wrap = [], more } = {}) {
    const file = path.join(dataDir, 'bay.toml');
    await writeFile(file, configuration(dataDir, port, more));
    return Bay.startWith(t, file, wrap);
  }
  static async startWith(t, file, wrap = [], binary = bayProgram, verb = []) {
    const bay = new Bay();
    const [program, ...args] = [...wrap, binary, ...verb, '--config', file];
    bay.started = Date.now();
    bay.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    bay.log = '';
    bay.child.stdin.on('error', () => {}); // it may have been killed
    const read = (data) => {
      bay.log += data;
      bay.waiting?.();
    };
    bay.child.stdout.on('data', read);
    bay.child.stderr.on('data', read);
    bay.ended = once(bay.child, 'close').then(([code, signal]) => ({ code, signal, log: bay.log }));
    t.after(() => bay.kill());
    await bay.says('bay.running');
    return bay;
  }
  // One line of the script a line.
  act(...lines) {
    this.child.stdin.write(lines.map((line) => `${line}\n`).join(''));
  }
  // Waits until the log has such a line that was not waited for before; gives it.
  async says(what, fits = () => true, limit = 20_000) {
    const end = Date.now() + limit;
    this.read ??= 0;
    for (;;) {
      const lines = this.log.split('\n').slice(0, -1);
      for (let i = this.read; i < lines.length; ++i) {
        if (!lines[i].includes(`"what":"${what}"`)) continue;
        const line = JSON.parse(lines[i]);
        if (!fits(line)) continue;
        this.read = i + 1;
        return line;
      }
      const left = end - Date.now();
      await within(new Promise((resolve) => (this.waiting = resolve)), left, `the bay logs ${what}:\n${this.log.slice(-3000)}`);
    }
  }
  kill(signal = 'SIGKILL') {
    this.child.kill(signal);
    return this.ended;
  }
}
