// bayward-bay on Modbus TCP against a module that is not ours (pymodbus): charges, opens by a value, by the module's own
// watchdog when the program hangs, and by every kind of nonsense on the wire.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { directory, eventually, within } from '../e2e/program.mjs';
import { Bay, Central, configuration } from './bay_station.mjs';
import { ModbusServer } from './modbus_server.mjs';

const script = fileURLToPath(new URL('./modbus_module.py', import.meta.url));
const python = '/usr/bin/python3'; // Debian's, which has python3-pymodbus
const missing = spawnSync(python, ['-c', 'import pymodbus.server']).status !== 0 && 'python3-pymodbus is not installed';

async function freePort() {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

class Module {
  static async start(t, port) {
    const module = new Module();
    module.child = spawn(python, [script, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    module.child.stdin.on('error', () => {});
    module.lines = [];
    createInterface({ input: module.child.stdout }).on('line', (line) => {
      module.lines.push(line);
      module.waiting?.();
    });
    t.after(() => module.child.kill('SIGKILL'));
    await module.says('ready');
    for (const [address, value] of [[3, 2300], [4, 2300], [5, 2300], [6, 220], [7, 220], [12, 0x461c], [13, 0x4000]]) {
      module.set('input', address, value); // 230 V, 22 °C, 10000 Wh as a float
    }
    module.set('discrete', 0, 1); // earth
    return module;
  }
  set(kind, address, value) {
    this.child.stdin.write(`${kind} ${address} ${value}\n`);
  }
  async says(line, limit = 15_000) {
    const end = Date.now() + limit;
    while (!this.lines.includes(line)) {
      const changed = new Promise((resolve) => (this.waiting = resolve));
      await within(changed, end - Date.now(), `the module says ${line}; it said: ${this.lines.join(', ')}`);
    }
    this.lines.splice(0, this.lines.indexOf(line) + 1);
  }
}

const point = (what, table, address, more = '') => `
[[hardware.point]]
what = "${what}"
device = "module"
table = "${table}"
address = ${address}
${more}`;
const output = (what, table, address) => `
[[hardware.output]]
what = "${what}"
device = "module"
table = "${table}"
address = ${address}
`;

function map(port) {
  const inputs = ['current_l1', 'current_l2', 'current_l3'].map((what, i) => point(what, 'input_register', i, 'scale = 10.0'));
  const volts = ['voltage_l1', 'voltage_l2', 'voltage_l3'].map((what, i) => point(what, 'input_register', 3 + i, 'scale = 100.0'));
  const tenths = 'type = "s16"\nscale = 100.0';
  return [
    `[hardware]
driver = "modbus"
[[hardware.device]]
name = "module"
host = "127.0.0.1"
port = ${port}
`,
    ...inputs,
    ...volts,
    point('connector_temperature', 'input_register', 6, tenths),
    point('cable_temperature', 'input_register', 7, tenths),
    point('residual_ac', 'input_register', 8, 'scale = 100.0'),
    point('residual_dc', 'input_register', 9, 'scale = 100.0'),
    point('pilot', 'input_register', 10),
    point('import_mwh', 'input_register', 12, 'type = "f32"\nscale = 1000.0'),
    ...['earth', 'contactor_feedback', 'lock', 'smoke', 'emergency_stop'].map((what, i) => point(what, 'discrete_input', i)),
    output('contactor', 'coil', 0),
    output('lock', 'coil', 1),
    output('watchdog_ms', 'holding_register', 100),
    output('pilot_duty', 'holding_register', 101),
  ].join('');
}

async function bayOn(t, port, central) {
  const dataDir = await directory(t);
  const file = path.join(dataDir, 'modbus.toml');
  const text = configuration(dataDir, central.port).replace('[hardware]\ndriver = "simulated"\n', map(port));
  await writeFile(file, text);
  return Bay.startWith(t, file);
}

async function charge(central, module) {
  await central.told('BootNotification');
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Available', 60_000);
  module.set('input', 10, 2); // plugged in, asks
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Occupied');
  const idToken = { idToken: 'BW1', type: 'Central' };
  const start = await central.call('RequestStartTransaction', { evseId: 1, remoteStartId: 1, idToken });
  assert.equal(start.status, 'Accepted');
  await module.says('coil 0 1');
}

test('charges through foreign Modbus modules, and opens at 6 mA DC', { skip: missing }, async (t) => {
  const port = await freePort();
  const module = await Module.start(t, port);
  const central = await Central.start(t);
  const bay = await bayOn(t, port, central);
  await charge(central, module);
  const started = await central.told('TransactionEvent', (p) => p.eventType === 'Started');
  const register = started.meterValue[0].sampledValue.find((one) => one.measurand === 'Energy.Active.Import.Register');
  assert.equal(register.value, 10_000);
  module.set('input', 9, 60);
  await module.says('coil 0 0');
  await bay.says('bay.fault', (line) => line.fault === 'residual_dc');
  central.assertStrict();
});

test('a program that is stopped or killed: the module opens by its own watchdog', { skip: missing }, async (t) => {
  const port = await freePort();
  const module = await Module.start(t, port);
  const central = await Central.start(t);
  const bay = await bayOn(t, port, central);
  await charge(central, module);
  bay.child.kill('SIGSTOP');
  await module.says('watchdog');
  bay.child.kill('SIGCONT');
  await bay.says('bay.fault', (line) => line.fault === 'agent_stalled');
});

test('a module that falls silent: no reading, no power, and the bay says which sensor', { skip: missing }, async (t) => {
  const port = await freePort();
  const module = await Module.start(t, port);
  const central = await Central.start(t);
  const bay = await bayOn(t, port, central);
  await charge(central, module);
  module.child.kill('SIGSTOP');
  await bay.says('modbus.failed', (line) => line.device === 'module');
  await bay.says('bay.fault', (line) => line.fault === 'sensor_missing');
  module.child.kill('SIGCONT');
  await bay.says('modbus.answers_again');
});

// Answers every question of Modbus TCP (MBAP header of 7 bytes) wrongly in one way.
const nonsense = {
  'an exception': (ask) => Buffer.concat([ask.subarray(0, 4), Buffer.from([0, 3, ask[6], ask[7] | 0x80, 2])]),
  'a length that is not the data': (ask) => Buffer.concat([ask.subarray(0, 4), Buffer.from([0, 200, ask[6], ask[7], 2, 0, 1])]),
  'fewer registers than asked': (ask) => Buffer.concat([ask.subarray(0, 4), Buffer.from([0, 5, ask[6], ask[7], 2, 0, 1])]),
  'another transaction': (ask) => Buffer.concat([Buffer.from([0xff, 0xff]), ask.subarray(2, 4), Buffer.from([0, 5, ask[6], ask[7], 2, 0, 1])]),
  'random bytes': () => Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 89) & 0xff)),
  'a closed connection': () => null,
  silence: () => Buffer.alloc(0),
};
for (const [name, wrong] of Object.entries(nonsense)) {
  test(`Modbus nonsense: ${name} gives a fault that is told, no power, and no crash`, async (t) => {
    const sockets = new Set();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', (ask) => {
        const answer = ask.length >= 8 ? wrong(ask) : null;
        if (answer === null) socket.destroy();
        else if (answer.length > 0) socket.write(answer);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const central = await Central.start(t);
    const bay = await bayOn(t, server.address().port, central);
    await central.told('BootNotification');
    await central.told('StatusNotification', (p) => p.connectorStatus === 'Faulted');
    await eventually(() => bay.log, (log) => log.includes('"modbus.failed"'), 'the log says what is wrong');
    assert.equal((await bay.kill('SIGTERM')).code, 0);
    central.assertStrict();
  });
}

// A module that was good until the car charged; its own watchdog is not there to help.
async function chargingOnServer(t) {
  const module = await ModbusServer.start(t);
  [3, 4, 5].forEach((address) => (module.input[address] = 2300));
  [6, 7].forEach((address) => (module.input[address] = 220));
  [module.input[12], module.input[13]] = [0x461c, 0x4000]; // 10000 Wh as a float
  module.discrete[0] = 1; // earth
  const central = await Central.start(t);
  const bay = await bayOn(t, module.port, central);
  await central.told('BootNotification');
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Available', 120_000);
  module.input[10] = 2;
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Occupied');
  // On a starved machine this module may have answered late meanwhile, which is a fault of half a minute.
  const idToken = { idToken: 'BW1', type: 'Central' };
  let remoteStartId = 0;
  const closes = async () => {
    const { status } = await central.call('RequestStartTransaction', { evseId: 1, remoteStartId: ++remoteStartId, idToken });
    const coil = () => eventually(() => module.coils[0], (level) => level === 1, 'the contactor closes', status === 'Accepted' ? 5_000 : 1_000);
    return coil().catch(() => 0);
  };
  await eventually(closes, (level) => level === 1, 'the contactor closes', 120_000);
  return { module, central, bay };
}

const isRead = (ask) => ask[7] <= 4;
const changed = (answer, change) => {
  const out = Buffer.from(answer);
  change(out);
  return out;
};
const exception = (ask, code) => Buffer.concat([ask.subarray(0, 4), Buffer.from([0, 3, ask[6], ask[7] | 0x80, code])]);
const turnsWrong = {
  'the unit is no longer behind its gateway': [(ask, right) => (isRead(ask) ? exception(ask, 11) : right), /sensor_missing/],
  'frames are cut short': [(ask, right) => right.subarray(0, right.length - 1), /sensor_missing/],
  'every register says 65535': [(ask, right) => (ask[7] === 4 ? changed(right, (out) => out.fill(0xff, 9)) : right), /over_voltage|short_circuit|insulation_failing|sensor_implausible/],
  'temperatures leap': [(ask, right) => (ask[7] === 4 && right.length > 21 ? changed(right, (out) => out.writeInt16BE(-32768, 9 + 12)) : right), /sensor_implausible/],
};
// Silence and exceptions are above; each takes the half minute after which a bay believes its sensors.
for (const [name, [wrong, fault]] of Object.entries(turnsWrong)) {
  test(`Modbus nonsense while a car charges: ${name}; the contactor opens, and the fault has a name`, async (t) => {
    const { module, central, bay } = await chargingOnServer(t);
    module.wrong = wrong;
    await eventually(() => module.coils[0], (coil) => coil === 0, 'the contactor opens', 5_000);
    await bay.says('bay.fault', (line) => fault.test(line.fault));
    await central.told('StatusNotification', (p) => p.connectorStatus === 'Faulted');
    assert.equal(module.coils[0], 0);
    central.assertStrict();
  });
}

test('a register that is billed and leaps, falls or is no number: nobody pays for it', async (t) => {
  const { module, central, bay } = await chargingOnServer(t);
  const registers = { 'no number': [0x7fc0, 0], 'a million kWh': [0x4e6e, 0x6b28], nothing: [0, 0], 'below nothing': [0xc61c, 0x4000] };
  for (const [name, [high, low]] of Object.entries(registers)) {
    [module.input[12], module.input[13]] = [high, low];
    if (name === 'a million kWh') await bay.says('bay.meter_not_believed');
  }
  await central.call('RequestStopTransaction', { transactionId: (await lastTransaction(central)).transactionId });
  const ended = await central.told('TransactionEvent', (p) => p.eventType === 'Ended');
  const values = ended.meterValue.at(-1).sampledValue.find((one) => one.measurand === 'Energy.Active.Import.Register');
  assert.equal(values.value, 10_000);
});

async function lastTransaction(central) {
  return (await central.told('TransactionEvent', (p) => p.eventType === 'Started')).transactionInfo;
}
