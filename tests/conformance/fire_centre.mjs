#!/usr/bin/env node
// A GB/T 26875.3-2011 monitoring centre for tests, written from the standard's tables: it shares nothing with our
// client. It listens, takes frames apart, answers them as its manners say, and can ask for things itself. As a program: tests/conformance/fire_centre.mjs (see
// far_end.mjs).
import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { pathToFileURL } from 'node:url';

import { run, say } from './far_end.mjs';

export const CMD = { control: 1, send: 2, confirm: 3, request: 4, answer: 5, deny: 6 };

const START = 0x40;
const END = 0x23;
const CONTROL_UNIT = 25; // serial 2, version 2, time 6, source 6, destination 6, length 2, command 1

const now = () => {
  const beijing = new Date(Date.now() + 8 * 3600_000);
  return timeOf(beijing);
};
// Six bytes of a date whose UTC fields are the wall clock's.
export const timeOf = (date) =>
  Buffer.from([
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    date.getUTCFullYear() % 100,
  ]);
export const dateOf = (six) => new Date(Date.UTC(2000 + six[5], six[4] - 1, six[3], six[2], six[1], six[0]));

export function build({ serial, command, from, to, data = Buffer.alloc(0), version = [1, 0] }) {
  const unit = Buffer.alloc(CONTROL_UNIT);
  unit.writeUInt16LE(serial, 0);
  unit.set(version, 2);
  now().copy(unit, 4);
  from.copy(unit, 10);
  to.copy(unit, 16);
  unit.writeUInt16LE(data.length, 22);
  unit[24] = command;
  const summed = Buffer.concat([unit, data]);
  const sum = summed.reduce((a, b) => (a + b) % 256, 0);
  return Buffer.concat([Buffer.from([START, START]), summed, Buffer.from([sum, END, END])]);
}

// A complaint instead of a frame when anything is not as the standard has it: the client has to be exact.
export function parse(bytes) {
  if (bytes[0] !== START || bytes[1] !== START) throw new Error(`no start: ${bytes.subarray(0, 4).toString('hex')}`);
  const length = bytes.readUInt16LE(24);
  const whole = 2 + CONTROL_UNIT + length + 3;
  if (bytes.length < whole) return null;
  const summed = bytes.subarray(2, 2 + CONTROL_UNIT + length);
  const sum = summed.reduce((a, b) => (a + b) % 256, 0);
  if (bytes[whole - 3] !== sum) throw new Error('wrong checksum');
  if (bytes[whole - 2] !== END || bytes[whole - 1] !== END) throw new Error('no end');
  return {
    whole,
    serial: bytes.readUInt16LE(2),
    version: [bytes[4], bytes[5]],
    time: bytes.subarray(6, 12),
    from: Buffer.from(bytes.subarray(12, 18)),
    to: Buffer.from(bytes.subarray(18, 24)),
    command: bytes[26],
    data: Buffer.from(bytes.subarray(27, 27 + length)),
  };
}

// Table by table, of the units a device sends.
export function unitOf(data) {
  const unit = { type: data[0], count: data[1] };
  const body = data.subarray(2);
  if (unit.type === 2) {
    if (body.length !== 46 * unit.count) throw new Error(`component state of ${body.length} bytes`);
    const text = body.subarray(9, 40);
    const zero = text.indexOf(0);
    Object.assign(unit, {
      system: body[0],
      systemAddress: body[1],
      component: body[2],
      address: body.readUInt32LE(3),
      state: body.readUInt16LE(7),
      text: new TextDecoder('gb18030').decode(zero < 0 ? text : text.subarray(0, zero)),
      time: dateOf(body.subarray(40, 46)),
    });
  } else if (unit.type === 21) {
    Object.assign(unit, { state: body[0], time: dateOf(body.subarray(1, 7)) });
  } else if (unit.type === 24) {
    Object.assign(unit, { operation: body[0], operator: body[1], time: dateOf(body.subarray(2, 8)) });
  } else if (unit.type === 25) {
    Object.assign(unit, { version: [body[0], body[1]] });
  } else if (unit.type === 28) {
    Object.assign(unit, { time: dateOf(body.subarray(0, 6)) });
  }
  return unit;
}

// manners(frame, unit, centre) -> 'confirm' | 'deny' | 'silent' | Buffer to send instead; asked for each frame sent up.
export class Centre extends EventEmitter {
  constructor(manners = () => 'confirm') {
    super();
    this.manners = manners;
    this.units = []; // every unit sent up, repeats too, with its serial
    this.answers = []; // to what we asked
    this.complaints = [];
    this.connections = 0;
    this.serial = 5000;
    this.sockets = new Set();
  }
  async listen(port = 0) {
    this.server = net.createServer((socket) => this.#serve(socket));
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }
  close() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((done) => (this.server?.listening ? this.server.close(done) : done()));
  }
  #serve(socket) {
    ++this.connections;
    this.sockets.add(socket);
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    this.emit('changed');
    let kept = Buffer.alloc(0);
    socket.on('data', (data) => {
      kept = Buffer.concat([kept, data]);
      try {
        for (let frame; kept.length >= 30 && (frame = parse(kept)); kept = kept.subarray(frame.whole)) {
          this.#take(socket, frame);
        }
      } catch (error) {
        this.complaints.push(error.message);
        kept = Buffer.alloc(0);
      }
      this.emit('changed');
    });
  }
  #take(socket, frame) {
    this.device = frame.from;
    this.own = frame.to;
    if (frame.command !== CMD.send) {
      this.answers.push({ serial: frame.serial, command: frame.command, unit: frame.data.length ? unitOf(frame.data) : null });
      return;
    }
    const unit = { ...unitOf(frame.data), serial: frame.serial, at: Date.now() };
    this.units.push(unit);
    this.emit('unit', unit);
    const manner = this.manners(frame, unit, this);
    if (manner === 'silent') return;
    if (Buffer.isBuffer(manner)) return void socket.write(manner);
    const command = manner === 'deny' ? CMD.deny : CMD.confirm;
    socket.write(build({ serial: frame.serial, command, from: frame.to, to: frame.from }));
  }
  // Asks the device for something; its answer turns up in `answers` with the serial given back.
  ask(command, data) {
    const serial = ++this.serial;
    this.socket.write(build({ serial, command, from: this.own, to: this.device, data: Buffer.from(data) }));
    return serial;
  }
  alarms() {
    return this.units.filter((unit) => unit.type === 2);
  }
  async until(condition, what, limit = 20_000) {
    const end = Date.now() + limit;
    while (!condition(this)) {
      if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}; complaints: ${this.complaints}`);
      await Promise.race([once(this, 'changed'), new Promise((wake) => setTimeout(wake, 50))]); // poll
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const centre = await new Centre().listen();
  centre.on('unit', ({ type, component, state, text }) => {
    const alarm = (state & 0b10) !== 0;
    if (type === 2) say({ heard: alarm ? 'alarm' : 'all_clear', text: `${text}, component ${component}, state ${state}` });
  });
  run();
  say({ listening: centre.port, device: '010203040506', centre: '111213141516' });
}
