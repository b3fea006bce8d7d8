// bayward-bay on a Linux board: analogue sensors of Industrial I/O in a tree that the test makes, GPIO lines of a fake
// libgpiod (tests/preload: this machine's kernel has no gpio-sim), the meter and the pilot's output by Modbus. The test is
// the board: contactor and lock tell back, a supervisor misses the watchdog's line.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { directory, eventually, programs, run } from '../e2e/program.mjs';
import { Bay, bayProgram, Central, configuration } from './bay_station.mjs';
import { ModbusServer } from './modbus_server.mjs';

const preload = path.join(programs, 'fake_gpiod.so');
const skip = /(a|t)san$/.test(programs) ? 'a sanitizer must be the first thing loaded' : !existsSync(preload) && `${preload} is not built`;

const outputs = { contactor: 1, watchdog: 2, lock: 3, lamp_red: 4, lamp_green: 5, lamp_blue: 6 };
const inputs = { contactor_feedback: 10, lock: 11, earth: 12, smoke: 13, emergency_stop: 14 };
const entry = (kind, lines) => `[[hardware.${kind}]]\n${lines.map((line) => `${line}\n`).join('')}`;

// The emergency stop opens its contact when it is pressed: low is 1.
const boardOf = (dir, port, change = (text) => text) =>
  change(
    `[hardware]\ndriver = "linux"\niio_directory = "${dir}/iio"\n` +
      Object.entries(outputs).map(([what, line]) => entry('gpio_output', [`what = "${what}"`, 'chip = "board"', `line = ${line}`])).join('') +
      Object.entries(inputs).map(([what, line]) =>
        entry('gpio_input', [`what = "${what}"`, 'chip = "board"', `line = ${line}`, ...(what === 'emergency_stop' ? ['inverted = true', 'bias = "pull_up"'] : [])])).join('') +
      ['current_l1', 'current_l2', 'current_l3'].map((what, i) => entry('iio', [`what = "${what}"`, 'device = "meter-adc"', `channel = "in_current${i}"`])).join('') +
      ['voltage_l1', 'voltage_l2', 'voltage_l3'].map((what, i) => entry('iio', [`what = "${what}"`, 'device = "meter-adc"', `channel = "in_voltage${i}"`, 'scale = 100.0'])).join('') +
      entry('iio', ['what = "connector_temperature"', 'device = "max31865"', 'channel = "in_temp0"']) +
      entry('iio', ['what = "cable_temperature"', 'device = "max31865"', 'channel = "in_temp1"']) +
      entry('iio', ['what = "residual_ac"', 'device = "rcm"', 'channel = "in_current0"', 'scale = 1000.0']) +
      entry('iio', ['what = "residual_dc"', 'device = "rcm"', 'channel = "in_current1"', 'scale = 1000.0']) +
      entry('iio', ['what = "pilot"', 'device = "rcm"', 'channel = "in_voltage0"', 'scale = 4.0']) +
      entry('device', ['name = "meter"', 'host = "127.0.0.1"', `port = ${port}`]) +
      entry('point', ['what = "import_mwh"', 'device = "meter"', 'table = "input_register"', 'address = 0', 'type = "u32"']) +
      entry('output', ['what = "pilot_duty"', 'device = "meter"', 'table = "holding_register"', 'address = 0']),
  );

class Board {
  static async start(t, central, { change, prepare = () => {} } = {}) {
    const board = new Board();
    board.dir = await directory(t);
    const meter = await ModbusServer.start(t);
    meter.input[1] = 5000;
    mkdirSync(`${board.dir}/gpio/board`, { recursive: true });
    for (const line of [...Object.values(outputs), ...Object.values(inputs)]) board.put(line, 0);
    board.put(inputs.earth, 1);
    board.put(inputs.emergency_stop, 1);
    board.iio('0/name', 'max31865\n');
    board.iio('1/name', 'meter-adc\n');
    board.iio('2/name', 'rcm\n');
    for (const i of [0, 1]) {
      board.iio(`0/in_temp${i}_raw`, '704\n'); // (704 - 0) * 31.25 = 22 °C
      board.iio(`2/in_current${i}_raw`, '0\n');
    }
    board.iio('0/in_temp_scale', '31.25\n');
    for (const i of [0, 1, 2]) {
      board.iio(`1/in_current${i}_raw`, '0\n');
      board.iio(`1/in_voltage${i}_input`, '2300\n');
    }
    board.pilot(12_000);
    prepare(board);
    const file = path.join(board.dir, 'bay.toml');
    const text = configuration(board.dir, central.port).replace('[hardware]\ndriver = "simulated"\n', boardOf(board.dir, meter.port, change));
    await writeFile(file, text);
    // What the contactor and the lock do is told back.
    board.timer = setInterval(() => {
      board.put(inputs.contactor_feedback, board.level('contactor'));
      if (!board.jammed) board.put(inputs.lock, board.level('lock'));
    }, 5);
    t.after(() => clearInterval(board.timer));
    board.bay = await Bay.startWith(t, file, ['env', `LD_PRELOAD=${preload}`, `FAKE_GPIO=${board.dir}/gpio`]);
    return board;
  }
  put(line, level) {
    const file = `${this.dir}/gpio/board/${line}`;
    if (existsSync(file) || !this.bay) writeFileSync(file, `${level}`, { flag: existsSync(file) ? 'r+' : 'w' });
  }
  level(what) {
    const file = `${this.dir}/gpio/board/${outputs[what]}`;
    return existsSync(file) ? Number(readFileSync(file, 'latin1')) : 0;
  }
  // Whole or not at all, as sysfs gives it.
  iio(file, text) {
    const place = `${this.dir}/iio/iio:device${file}`;
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(`${this.dir}/part`, text);
    renameSync(`${this.dir}/part`, place);
  }
  pilot(mv) {
    this.iio('2/in_voltage0_raw', `${mv / 4}\n`);
  }
  async beats() {
    const before = this.level('watchdog');
    return eventually(() => this.level('watchdog'), (level) => level !== before, 'the watchdog beats', 1_000).then(() => true, () => false);
  }
  async charge(central) {
    await central.told('BootNotification');
    await central.told('StatusNotification', (p) => p.connectorStatus === 'Available', 120_000);
    this.pilot(6_000); // plugged in, asks
    await central.told('StatusNotification', (p) => p.connectorStatus === 'Occupied');
    const idToken = { idToken: 'BW1', type: 'Central' };
    assert.equal((await central.call('RequestStartTransaction', { evseId: 1, remoteStartId: 1, idToken })).status, 'Accepted');
    await eventually(() => this.level('contactor'), (level) => level === 1, 'the contactor closes');
  }
  opens() {
    return eventually(() => this.level('contactor'), (level) => level === 0, 'the contactor opens', 5_000);
  }
}

test('a Linux board charges, shows its lamp, and opens by the emergency stop', { skip }, async (t) => {
  const central = await Central.start(t);
  const board = await Board.start(t, central);
  assert.ok(await board.beats());
  await board.charge(central);
  assert.equal(board.level('lock'), 1);
  await eventually(() => board.level('lamp_blue') + board.level('lamp_green'), (lit) => lit > 0, 'the lamp is lit');
  board.put(inputs.emergency_stop, 0);
  await board.opens();
  await board.bay.says('bay.fault', (line) => line.fault === 'emergency_stop');
  central.assertStrict();
});

test('sensors of the board that go, freeze over or talk nonsense: power is off, and the log says where to look', { skip }, async (t) => {
  const wrongs = {
    'the temperature device goes': [(board) => renameSync(`${board.dir}/iio/iio:device0`, `${board.dir}/gone`), 'iio.failed', /max31865|in_temp/],
    'the file is no number': [(board) => board.iio('0/in_temp0_raw', 'n/a\n'), 'iio.failed', /in_temp0_raw: 'n\/a' is no number/],
    'absurd': [(board) => board.iio('1/in_voltage0_input', '99999999999\n'), 'iio.failed', /in_voltage0 gives .* beyond any voltage_l1/],
    'a line fails': [(board) => rmSync(`${board.dir}/gpio/board/${inputs.earth}`), 'gpio.failed', /cannot read line 12 of board/],
  };
  const one = async (t, goesWrong, what, why) => {
    const central = await Central.start(t);
    const board = await Board.start(t, central);
    await board.charge(central);
    goesWrong(board);
    await board.opens();
    await board.bay.says(what, (line) => why.test(line.why));
    await board.bay.says('bay.fault', (line) => ['sensor_missing', 'sensor_implausible'].includes(line.fault));
    central.assertStrict();
  };
  for (const [name, [goesWrong, what, why]] of Object.entries(wrongs)) await t.test(name, (t) => one(t, goesWrong, what, why));
});

test('the contactor line that no longer obeys: the supervisor misses the watchdog and opens', { skip }, async (t) => {
  const central = await Central.start(t);
  const board = await Board.start(t, central);
  await board.charge(central);
  renameSync(`${board.dir}/gpio/board/${outputs.contactor}`, `${board.dir}/stuck`);
  await board.bay.says('gpio.failed', (line) => line.what === 'contactor' || /line 1 of board/.test(line.why));
  assert.equal(await board.beats(), false);
});

test('stopped or killed, the watchdog line stands still', { skip }, async (t) => {
  const central = await Central.start(t);
  const board = await Board.start(t, central);
  await board.charge(central);
  board.bay.child.kill('SIGSTOP');
  assert.equal(await board.beats(), false);
  board.bay.child.kill('SIGCONT');
  await board.bay.says('bay.fault', (line) => line.fault === 'agent_stalled');
  await board.opens();
  await board.bay.kill();
  assert.equal(await board.beats(), false);
});

test('a chip that is missing, a line that another program has: told, no power, and good again when it is there', { skip }, async (t) => {
  const central = await Central.start(t);
  const board = await Board.start(t, central, {
    prepare: (it) => {
      writeFileSync(`${it.dir}/gpio/board/${inputs.smoke}.busy`, 'fire-alarm\n');
      renameSync(`${it.dir}/iio/iio:device2`, `${it.dir}/later`);
    },
    change: (text) => text.replace(/(what = "emergency_stop"\nchip = )"board"/, '$1"expander"'),
  });
  const said = () => board.bay.log;
  await eventually(said, (log) => log.includes("line 13 of board is in use by 'fire-alarm'"), 'who has the line');
  await eventually(said, (log) => log.includes("cannot open the GPIO chip 'expander'"), 'the chip is missing');
  await eventually(said, (log) => log.includes("there is no IIO device 'rcm'"), 'the device is missing');
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Faulted');
  rmSync(`${board.dir}/gpio/board/${inputs.smoke}.busy`);
  renameSync(`${board.dir}/later`, `${board.dir}/iio/iio:device7`);
  mkdirSync(`${board.dir}/gpio/expander`);
  writeFileSync(`${board.dir}/gpio/expander/${inputs.emergency_stop}`, '1');
  await board.bay.says('gpio.works_again');
  await central.told('StatusNotification', (p) => p.connectorStatus === 'Available', 120_000);
});

test('mistakes in the board of the configuration are named', async (t) => {
  const dir = await directory(t);
  const file = path.join(dir, 'bay.toml');
  const cases = [
    [(text) => text, null],
    [(text) => text.replace(entry('gpio_output', ['what = "watchdog"', 'chip = "board"', 'line = 2']), ''), /no gpio_output for watchdog: .* supervisor/],
    [(text) => text.replace('line = 13', 'line = 12'), /line 12 of board is used twice/],
    [(text) => text.replace('what = "smoke"', 'what = "earth"'), /nothing measures smoke/],
    [(text) => text.replace('what = "smoke"', 'what = "cable_temperature"'), /gpio_input\.what: "cable_temperature": earth, contactor_feedback, smoke/],
    [(text) => text.replace('channel = "in_temp0"', 'channel = "../../passwd"'), /iio\.channel: the channel is expected/],
    [(text) => text.replace('chip = "board"\n', ''), /chip is expected as gpiodetect shows it/],
    [(text) => text.replace('bias = "pull_up"', 'bias = "up"'), /"up": as_is, pull_up, pull_down or off is expected/],
    [(text) => text.replace('driver = "linux"', 'driver = "simulated"'), /go with driver = "linux"/],
  ];
  for (const [change, expected] of cases) {
    await writeFile(file, configuration(dir, 9).replace('[hardware]\ndriver = "simulated"\n', boardOf(dir, 502, change)));
    const { code, stderr } = await run(bayProgram, ['check-config', '--config', file]);
    assert.equal(code, expected ? 2 : 0, stderr);
    if (expected) assert.match(stderr, expected);
  }
});
