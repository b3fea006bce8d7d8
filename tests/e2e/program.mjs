// The real programs for end-to-end tests: started on port zero in a directory of their own, waited for, stopped. Nothing
// sleeps: everything waits for a condition with a limit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const programs = process.env.BAYWARD_BIN ?? path.join(root, 'build/dev');
export const serverProgram = path.join(programs, 'bayward-server');
export const simProgram = path.join(programs, 'bayward-sim');

export const operator = { phone: '+491713920000', password: 'operator-of-the-test' };

// A directory that is gone after the test.
export async function directory(t, parent = tmpdir()) {
  const dir = await mkdtemp(path.join(parent, 'bayward-e2e-'));
  // Hooks run in their order: a program of this test may still be writing.
  t.after(() => rm(dir, { recursive: true, force: true, maxRetries: 10 }));
  return dir;
}

export function within(promise, milliseconds, what) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${milliseconds} ms: ${what}`)), milliseconds);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// Runs to the end: { code, signal, stdout, stderr }.
export async function run(program, args, { input = '', limit = 120_000, ...options } = {}) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (out.stdout += data));
  child.stderr.on('data', (data) => (out.stderr += data));
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(input);
  try {
    const [code, signal] = await within(once(child, 'close'), limit, `${path.basename(program)} ${args.join(' ')}`);
    return { code, signal, ...out };
  } catch (error) {
    child.kill('SIGKILL');
    error.message += `\n${out.stderr.slice(-2000)}`;
    throw error;
  }
}

export async function init(dataDir) {
  const made = await run(
    serverProgram,
    ['init', '--data-dir', dataDir, '--operator-phone', operator.phone, '--password-stdin'],
    { input: `${operator.password}\n` },
  );
  if (made.code !== 0) throw new Error(`init failed: ${made.stderr}`);
}

export class Server {
  // Resolves when it listens; throws with its log when it ends before.
  static async start(t, dataDir, args = [], port = 0) {
    const server = new Server();
    server.child = spawn(serverProgram, ['serve', '--data-dir', dataDir, '--port', String(port), ...args]);
    server.log = '';
    server.ended = once(server.child, 'close').then(([code, signal]) => ({ code, signal, log: server.log }));
    const listening = new Promise((resolve) => {
      const read = (data) => {
        server.log += data;
        if (server.port !== undefined) return;
        const line = server.log.split('\n').find((one) => one.includes('"http.listening"'));
        if (line) {
          server.port = JSON.parse(line).port;
          resolve();
        }
      };
      server.child.stdout.on('data', read);
      server.child.stderr.on('data', read);
    });
    t.after(() => server.kill());
    const early = server.ended.then(({ code, log }) => {
      if (server.port === undefined) throw new Error(`the server ended with ${code}:\n${log.slice(-2000)}`);
    });
    await within(Promise.race([listening, early]), 60_000, 'the server listens');
    server.url = `http://127.0.0.1:${server.port}`;
    return server;
  }

  kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }
  stop() {
    this.child.kill('SIGTERM');
    return within(this.ended, 30_000, 'the server stops');
  }
}

// A person's requests: { status, body }, or a rejection when the connection breaks.
export class Person {
  constructor(server) {
    this.server = server;
  }
  async call(method, target, body, headers = {}) {
    const response = await fetch(`${this.server.url}/api/v1${target}`, {
      method,
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    // Certificates come as PEM, reports as CSV.
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, body: text === '' ? null : json ? JSON.parse(text) : text };
  }
  get(target) {
    return this.call('GET', target);
  }
  // The answer's body, or an error that says what was refused.
  async post(target, body, headers) {
    const answer = await this.call('POST', target, body ?? {}, headers);
    if (answer.status >= 300) throw new Error(`POST ${target}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  async login(phone, password) {
    this.token = (await this.post('/login', { phone, password })).token;
    return this;
  }
}

export async function operatorOf(server) {
  return new Person(server).login(operator.phone, operator.password);
}

const week = (from, to) =>
  Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [[from, to]]]));
const date = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

// A site with plain bays that are shared all day, and a driver with money and a car.
export async function smallSite(server, { bays = 4, credit = 1_000_000 } = {}) {
  const staff = await operatorOf(server);
  const owner = await staff.post('/accounts', {
    phone: '+491713920001',
    name: 'Owner',
    password: 'owner-of-the-test',
    roles: ['owner'],
  });
  const { site } = await staff.post('/sites', {
    name: 'Test site',
    place: { latitude: 48.1, longitude: 11.5 },
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    community: owner.account,
  });
  await staff.post(`/sites/${site}/tariffs`, {
    name: 'Flat',
    currency: 'EUR',
    parking_rates: { valley: 1_000_000, flat: 1_000_000, peak: 1_000_000, sharp: 1_000_000 },
    rules: [],
  });
  const made = [];
  for (let i = 1; i <= bays; ++i) {
    const { bay } = await staff.post(`/sites/${site}/bays`, { label: `A-${i}`, owner: owner.account });
    await staff.post(`/bays/${bay}/windows`, {
      week: week('00:00', '24:00'),
      first_date: date(-1),
      last_date: date(34),
    });
    made.push(bay);
  }
  const driver = new Person(server);
  const { account } = await driver.post('/register', {
    phone: '+491713920002',
    password: 'driver-of-the-test',
    name: 'Driver',
  });
  await driver.login('+491713920002', 'driver-of-the-test');
  driver.account = account;
  driver.vehicle = (await driver.post('/me/vehicles', { plate: 'M-AN 1' })).vehicle;
  await staff.post(`/accounts/${account}/credits`, {
    amount: { minor: credit, currency: 'EUR' },
    reference: 'opening',
  });
  return { staff, driver, site, bays: made };
}

// Quarter hours from the next day on.
export function slotFromTomorrow(index, quarters = 4) {
  const start = Math.ceil((Date.now() + 86_400_000) / 900_000) * 900_000 + index * 900_000 * quarters;
  return { start: new Date(start).toISOString(), end: new Date(start + quarters * 900_000).toISOString() };
}

// Asks again until the answer is good; every ask is a request, so nothing sleeps for long.
export async function eventually(ask, good, what, limit = 15_000) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}; last ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50)); // poll
  }
}

// A directory with so much room; nothing, and the test skipped, where none can be made.
export async function smallDisk(t, size, name = 'small') {
  if (process.getuid() !== 0) return t.skip('needs root to mount a small tmpfs');
  let small;
  t.after(() => small && run('umount', ['-l', small])); // before the directory is removed
  small = path.join(await directory(t), name);
  await mkdir(small);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', small]);
  return mounted.code === 0 ? small : t.skip(`cannot mount a tmpfs here: ${mounted.stderr.trim()}`);
}
