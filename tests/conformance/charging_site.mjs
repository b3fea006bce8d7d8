// What the OCPP conformance tests share: a site with one charger, its staff and driver, and a charging station that is
// not ours (npm ocpp-rpc, strict in both directions).
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { directory, eventually, init, operatorOf, Person, Server, within } from '../e2e/program.mjs';

const require = createRequire(import.meta.url);
const { createValidator, RPCClient } = require('ocpp-rpc');

// The official schemas of a version, by the names that ocpp-rpc looks for: those of 2.1 are called otherwise there.
export function schemasOf(protocol) {
  return require(`ocpp-rpc/lib/schemas/${protocol.replaceAll('.', '_')}.json`).map((schema) => ({
    ...schema,
    $id: schema.$id.replace(/Request$/, '.req').replace(/Response$/, '.conf'),
  }));
}

export const card = '04A1B2C3D4';
export const plate = 'M-BY 2026';

const rates = (rate) => ({ valley: rate, flat: rate, peak: rate, sharp: rate });
const date = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const always = Object.fromEntries(
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00']]]),
);

// Parking 1.00 EUR an hour, energy 0.50 EUR a kWh.
export async function chargingSite(t, identity, args = []) {
  const dataDir = await directory(t);
  await init(dataDir);
  const server = await Server.start(t, dataDir, args);
  const staff = await operatorOf(server);
  const owner = await staff.post('/accounts', {
    phone: '+491713920001',
    name: 'Owner',
    password: 'owner-of-the-test',
    roles: ['owner'],
  });
  const { site } = await staff.post('/sites', {
    name: 'Charging site',
    place: { latitude: 48.1, longitude: 11.5 },
    currency: 'EUR',
    time_zone: 'Europe/Berlin',
    community: owner.account,
  });
  await staff.post(`/sites/${site}/tariffs`, {
    name: 'Flat',
    currency: 'EUR',
    energy_rates: rates(500_000),
    parking_rates: rates(1_000_000),
    rules: [],
  });
  const { station, password } = await staff.post(`/sites/${site}/stations`, { identity });
  const { bay } = await staff.post(`/sites/${site}/bays`, {
    label: 'A-1',
    owner: owner.account,
    charger: { station, evse: 1, connector: 'iec_62196_t2', power_max_w: 11_000 },
  });
  await staff.post(`/bays/${bay}/windows`, { week: always, first_date: date(-1), last_date: date(30) });
  const driver = new Person(server);
  const { account } = await driver.post('/register', {
    phone: '+491713920002',
    password: 'driver-of-the-test',
    name: 'Driver',
  });
  await driver.login('+491713920002', 'driver-of-the-test');
  driver.account = account;
  driver.vehicle = (await driver.post('/me/vehicles', { plate, connector: 'iec_62196_t2' })).vehicle;
  await driver.post('/me/tokens', { token: card });
  await staff.post(`/accounts/${account}/credits`, {
    amount: { minor: 100_000, currency: 'EUR' },
    reference: 'opening',
  });
  return { server, dataDir, staff, driver, site, bay, station, password };
}

// From the quarter hour that now is in, for two hours.
export async function bookNow(place, energyWh = 20_000) {
  const start = Math.floor(Date.now() / 900_000) * 900_000;
  const { booking } = await place.driver.post('/bookings', {
    bay: place.bay,
    vehicle: place.driver.vehicle,
    start: new Date(start).toISOString(),
    end: new Date(start + 8 * 900_000).toISOString(),
    energy_wh: energyWh,
  });
  return booking;
}

// A charging station that keeps what it is asked for: `await asked('ReserveNow')` gives the next payload of that action.
export class Charger {
  static async connect(t, place, identity, protocol, options = {}) {
    const charger = new Charger();
    charger.waiting = new Map();
    charger.came = new Map();
    charger.answers = { ...options.answers };
    charger.client = new RPCClient({
      endpoint: options.endpoint ?? `${place.server.url.replace('http', 'ws')}/ocpp`,
      identity,
      password: options.password === undefined ? place.password : options.password,
      wsOpts: options.tls ?? {},
      protocols: [protocol],
      strictMode: true,
      strictModeValidators: [createValidator(protocol, schemasOf(protocol))],
      reconnect: false,
      callTimeoutMs: 10_000,
    });
    charger.client.on('strictValidationFailure', ({ error }) => (charger.invalid = error));
    charger.client.handle(({ method, params }) => charger.take(method, params));
    t.after(() => charger.client.close({ force: true }));
    await within(charger.client.connect(), 10_000, 'the station connects');
    return charger;
  }
  take(method, params) {
    const waiting = this.waiting.get(method)?.shift();
    if (waiting) waiting(params);
    else this.came.set(method, [...(this.came.get(method) ?? []), params]);
    const answer = this.answers[method];
    return typeof answer === 'function' ? answer(params) : (answer ?? { status: 'Accepted' });
  }
  asked(method) {
    const came = this.came.get(method)?.shift();
    if (came) return Promise.resolve(came);
    const coming = new Promise((resolve) => {
      this.waiting.set(method, [...(this.waiting.get(method) ?? []), resolve]);
    });
    return within(coming, 10_000, `the station is asked for ${method}`);
  }
  call(method, params = {}) {
    return this.client.call(method, params);
  }
  // Nothing that we sent or answered broke a schema.
  assertStrict() {
    assert.equal(this.invalid, undefined, `${this.invalid?.message} ${JSON.stringify(this.invalid?.details)}`);
  }
}

// The bill of a visit whose car has left: parking for the time used, and exactly the energy of the registers.
export async function assertBilled(place, booking, energyWh) {
  const done = await eventually(
    async () => (await place.driver.get(`/bookings/${booking}`)).body,
    (body) => body.phase === 'closed',
    'the booking is settled',
  );
  assert.equal(done.end_reason, 'completed');
  assert.equal(done.sessions.length, 1);
  const bill = await eventually(
    async () => (await place.driver.get(`/bookings/${booking}/invoice`)).body,
    (body) => body.final === true,
    'the invoice is there',
  );
  const energy = bill.invoice.lines.filter((line) => line.kind === 'energy');
  const billed = energy.reduce((sum, line) => sum + line.amount.minor, 0);
  assert.equal(billed, Math.round((energyWh / 1000) * 50), JSON.stringify(bill.invoice.lines));
  assert.equal(done.charged.minor, bill.invoice.total.minor);
  const { body: stats } = await place.staff.get('/stats');
  assert.equal(stats.ledger_sum, 0);
  assert.equal(stats.unanswered_calls, 0);
}

export async function sessionOf(place, booking) {
  const { sessions } = await eventually(
    async () => (await place.driver.get(`/bookings/${booking}`)).body,
    (body) => body.sessions?.length > 0,
    'the booking has a session',
  );
  const id = sessions[0].session ?? sessions[0];
  return { id, ...(await place.driver.get(`/sessions/${id}`)).body };
}

export { eventually, within };
