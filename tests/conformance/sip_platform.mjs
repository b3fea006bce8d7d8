#!/usr/bin/env node
// A small police platform of GB/T 28181 over UDP for tests: registration with digest, keepalive, alarms and their
// Responses. Written from the standard; shares no code with what it judges. As a program:
// tests/conformance/sip_platform.mjs (see far_end.mjs).
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

import { run, say } from './far_end.mjs';

export const sipDevice = '31000000001320000001';
export const sipPlatform = '31000000002000000001';
export const sipPassword = 'police';
const md5 = (text) => createHash('md5').update(text).digest('hex');

function parse(text) {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [start, ...lines] = head.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] ??= line.slice(colon + 1).trim();
  }
  return { start, method: start.split(' ')[0], headers, body: rest.join('\r\n\r\n') };
}
const tag = (body, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];

export class SipPlatform {
  alarms = []; // { SN, AlarmPriority, AlarmDescription, ... }
  keepalives = 0;
  registrations = 0;
  refused = 0;
  complaints = [];
  mute = false; // hears and never answers
  told = () => {}; // of each alarm
  respond = true; // sends the Response to an alarm

  async listen(port = 0) {
    this.socket = createSocket('udp4');
    this.socket.on('message', (data, from) => this.#hear(new TextDecoder('gb18030').decode(data), from));
    this.socket.bind(port, '127.0.0.1');
    await once(this.socket, 'listening');
    this.port = this.socket.address().port;
    this.nonce = randomBytes(10).toString('hex');
    this.registered = false;
    return this;
  }
  close() {
    return new Promise((done) => this.socket.close(done));
  }
  send(text, from) {
    this.socket.send(Buffer.from(text), from.port, from.address);
  }
  #answer({ headers }, from, status, reason, more = '') {
    const text = [
      `SIP/2.0 ${status} ${reason}`,
      `Via: ${headers.via}`,
      `From: ${headers.from}`,
      `To: ${headers.to};tag=platform`,
      `Call-ID: ${headers['call-id']}`,
      `CSeq: ${headers.cseq}`,
    ];
    this.send(`${text.join('\r\n')}\r\n${more}Content-Length: 0\r\n\r\n`, from);
  }
  #hear(text, from) {
    if (this.mute) return;
    const heard = parse(text);
    if (heard.start.startsWith('SIP/2.0')) return;
    if (heard.method === 'REGISTER') return this.#register(heard, from);
    if (heard.method !== 'MESSAGE') return this.complaints.push(heard.start);
    if (!this.registered) return this.#answer(heard, from, 403, 'Forbidden');
    this.#answer(heard, from, 200, 'OK');
    const command = tag(heard.body, 'CmdType');
    if (tag(heard.body, 'DeviceID') !== sipDevice) this.complaints.push(`DeviceID in ${heard.body}`);
    if (command === 'Keepalive') this.keepalives += 1;
    if (command !== 'Alarm') return;
    const names = ['SN', 'AlarmPriority', 'AlarmMethod', 'AlarmTime', 'AlarmDescription', 'Longitude', 'Latitude'];
    const alarm = Object.fromEntries(names.map((name) => [name, tag(heard.body, name)]));
    this.alarms.push(alarm);
    this.told(alarm);
    if (this.respond) this.#respond(tag(heard.body, 'SN'), from);
  }
  #register(heard, from) {
    const proof = heard.headers.authorization;
    if (!proof) {
      return this.#answer(heard, from, 401, 'Unauthorized', `WWW-Authenticate: Digest realm="3100000000", nonce="${this.nonce}"\r\n`);
    }
    const field = (name) => new RegExp(`${name}="([^"]*)"`).exec(proof)?.[1];
    const expected = md5(
      `${md5(`${sipDevice}:3100000000:${sipPassword}`)}:${this.nonce}:${md5(`REGISTER:${field('uri')}`)}`,
    );
    if (field('response') !== expected) {
      this.refused += 1;
      return this.#answer(heard, from, 403, 'Forbidden');
    }
    this.registered = true;
    this.registrations += 1;
    this.#answer(heard, from, 200, 'OK', 'Expires: 3600\r\n');
  }
  #respond(number, from) {
    const body = `<?xml version="1.0"?>\r\n<Response>\r\n<CmdType>Alarm</CmdType>\r\n<SN>${number}</SN>\r\n<DeviceID>${sipDevice}</DeviceID>\r\n<Result>OK</Result>\r\n</Response>\r\n`;
    this.send(
      `MESSAGE sip:${sipDevice}@3100000000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${this.port};branch=z9hG4bK${randomBytes(6).toString('hex')}\r\n` +
        `From: <sip:${sipPlatform}@3100000000>;tag=p\r\nTo: <sip:${sipDevice}@3100000000>\r\nCall-ID: ${randomBytes(8).toString('hex')}\r\n` +
        `CSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\nContent-Type: Application/MANSCDP+xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      from,
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const platform = await new SipPlatform().listen();
  platform.told = ({ AlarmPriority, AlarmDescription }) =>
    say({ heard: AlarmPriority === '4' ? 'all_clear' : 'alarm', text: AlarmDescription });
  run();
  say({ listening: platform.port, device: sipDevice, platform: sipPlatform, password: sipPassword });
}
