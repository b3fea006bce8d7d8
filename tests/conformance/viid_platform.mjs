#!/usr/bin/env node
// A small police platform of GA/T 1400.4 for tests: registration with digest, keepalive, time, vehicles, hits, and
// its watch orders. Written from the standard; shares no code with what it judges. As a program:
// tests/conformance/viid_platform.mjs (see far_end.mjs); ordered {"order":[plates],"port":N} or {"withdraw":true,"port":N}
// it brings its order to the server's door, or takes it back.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

import { run, say } from './far_end.mjs';

export const platformId = '31000000001990000001';
export const deviceId = '31000000001190000001';
export const user = 'bayward';
export const password = 'police password';

const md5 = (text) => createHash('md5').update(text).digest('hex');

function digestFields(header = '') {
  if (!/^Digest /i.test(header)) return null;
  const fields = {};
  for (const [, name, quoted, bare] of header.slice(7).matchAll(/(\w+)=(?:"([^"]*)"|([^,\s]+))/g)) {
    fields[name] = quoted ?? bare;
  }
  return fields;
}

export class ViidPlatform {
  requests = []; // { method, url, body } in order
  complaints = [];
  registered = false;
  code = 0; // what hits are answered with
  told = () => {}; // of each hit
  silent = false; // accepts and never answers
  clock = () => new Date();

  async listen(port = 0) {
    this.nonces = new Set();
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (data) => (body += data));
      request.on('end', () => this.#serve(request, body, response));
    });
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
    return this;
  }
  close() {
    this.registered = false;
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(done));
  }
  hits() {
    return this.requests
      .filter(({ url }) => url === '/VIID/DispositionNotifications')
      .flatMap(({ body }) => body.DispositionNotificationListObject.DispositionNotificationObject);
  }
  vehicles() {
    return this.requests
      .filter(({ url }) => url === '/VIID/MotorVehicles')
      .flatMap(({ body }) => body.MotorVehicleListObject.MotorVehicleObject);
  }
  said(url) {
    return this.requests.filter((one) => one.url === url).length;
  }

  #complain(what) {
    this.complaints.push(what);
  }
  #authorized(request) {
    const fields = digestFields(request.headers.authorization);
    if (!fields || !this.nonces.has(fields.nonce)) return false;
    const first = md5(`${user}:${fields.realm}:${password}`);
    const second = md5(`${request.method}:${fields.uri}`);
    const expected = md5(`${first}:${fields.nonce}:${fields.nc}:${fields.cnonce}:${fields.qop}:${second}`);
    return fields.username === user && fields.uri === request.url && fields.response === expected;
  }
  #serve(request, text, response) {
    if (this.silent) return;
    let body = null;
    try {
      body = text ? JSON.parse(text) : null;
    } catch {
      this.#complain(`not JSON: ${text.slice(0, 80)}`);
    }
    const url = request.url;
    this.requests.push({ method: request.method, url, body });
    if (request.headers['user-identify'] !== deviceId) this.#complain(`${url}: wrong User-Identify`);
    const status = (code, httpStatus = 200, headers = {}) =>
      response.writeHead(httpStatus, { 'content-type': 'application/VIID+JSON', ...headers }).end(
        JSON.stringify({
          ResponseStatusListObject: {
            ResponseStatusObject: [{ Id: deviceId, RequestURL: url, StatusCode: String(code), StatusString: 'x' }],
          },
        }),
      );
    if (url === '/VIID/System/Register') {
      if (body?.RegisterObject?.DeviceID !== deviceId) this.#complain('register: wrong DeviceID');
      if (!request.headers.authorization) {
        const nonce = randomBytes(12).toString('hex');
        this.nonces.add(nonce);
        return status(4, 401, { 'www-authenticate': `Digest realm="viid", qop="auth", nonce="${nonce}", opaque="o1"` });
      }
      if (!this.#authorized(request)) return status(4, 403);
      this.registered = true;
      return status(0);
    }
    if (!this.registered) return status(4, 401);
    if (url === '/VIID/System/Time') {
      const two = (number) => String(number).padStart(2, '0');
      const now = new Date(this.clock().getTime() + 8 * 3600_000);
      const time =
        `${now.getUTCFullYear()}${two(now.getUTCMonth() + 1)}${two(now.getUTCDate())}` +
        `${two(now.getUTCHours())}${two(now.getUTCMinutes())}${two(now.getUTCSeconds())}`;
      return response
        .writeHead(200, { 'content-type': 'application/VIID+JSON' })
        .end(JSON.stringify({ SystemTimeObject: { VIIDServerID: platformId, TimeMode: '1', LocalTime: time } }));
    }
    if (url === '/VIID/System/UnRegister') {
      this.registered = false;
      return status(0);
    }
    if (url === '/VIID/DispositionNotifications') return this.#checkHits(body) ?? status(this.code);
    if (url === '/VIID/MotorVehicles') return this.#checkVehicles(this.vehicles()) ?? status(0);
    if (url === '/VIID/System/Keepalive') return status(0);
    this.#complain(`unknown ${request.method} ${url}`);
    return status(4, 404);
  }
  #checkVehicles(vehicles) {
    for (const one of vehicles) {
      if (!/^\d{20}02\d{14}\d{5}$/.test(one.SourceID)) this.#complain(`SourceID ${one.SourceID}`);
      if (!new RegExp(`^${one.SourceID}02\\d{5}$`).test(one.MotorVehicleID)) this.#complain(`MotorVehicleID ${one.MotorVehicleID}`);
      if (!/^\d{14}$/.test(one.PassTime)) this.#complain(`PassTime ${one.PassTime}`);
      if (one.DeviceID !== deviceId) this.#complain(`DeviceID ${one.DeviceID}`);
    }
  }
  #checkHits(body) {
    const hits = body?.DispositionNotificationListObject?.DispositionNotificationObject ?? [];
    if (hits.length === 0) this.#complain('a notification without hits');
    for (const hit of hits) {
      if (!/^.{12}02\d{19}$/.test(hit.NotificationID)) this.#complain(`NotificationID ${hit.NotificationID}`);
      if (!/^\d{14}$/.test(hit.TriggerTime)) this.#complain(`TriggerTime ${hit.TriggerTime}`);
    }
    this.#checkVehicles(hits.map(({ MotorVehicleObject }) => MotorVehicleObject));
    for (const hit of hits) this.told(hit);
  }
}

export const orderId = '310000000000012026112100000000001';
const localTime = (days) =>
  new Date(Date.now() + 8 * 3600_000 + days * 86_400_000).toISOString().replace(/\D/g, '').slice(0, 14);
// One watch order as the platform says it, in force since yesterday for a month.
export const order = (plates, more = {}) => ({
  DispositionID: orderId,
  Title: 'Stolen car',
  DispositionCategory: '2',
  TargetFeature: plates,
  PriorityLevel: '1',
  BeginTime: localTime(-1),
  EndTime: localTime(30),
  OperateType: 0,
  DispositionStatus: 0,
  ...more,
});
export const orders = (...list) => JSON.stringify({ DispositionListObject: { DispositionObject: list } });

// A request to the server's door with the digest of RFC 2617 (MD5, qop=auth): the StatusCodes it answers, or [-1].
async function bring(port, method, target, body) {
  const headers = { 'user-identify': platformId, 'content-type': 'application/VIID+JSON' };
  const url = `http://127.0.0.1:${port}${target}`;
  const asked = digestFields((await fetch(url, { method, headers, body })).headers.get('www-authenticate') ?? '');
  if (!asked) return [-1];
  const cnonce = randomBytes(8).toString('hex');
  const first = md5(`${user}:${asked.realm}:${password}`);
  const proof = md5(`${first}:${asked.nonce}:00000001:${cnonce}:auth:${md5(`${method}:${target}`)}`);
  const opaque = asked.opaque ? `, opaque="${asked.opaque}"` : '';
  headers.authorization =
    `Digest username="${user}", realm="${asked.realm}", nonce="${asked.nonce}", uri="${target}", ` +
    `qop=auth, nc=00000001, cnonce="${cnonce}", response="${proof}"${opaque}`;
  const answer = await fetch(url, { method, headers, body });
  if (!answer.ok) return [-1];
  return (await answer.json()).ResponseStatusListObject.ResponseStatusObject.map(({ StatusCode }) => Number(StatusCode));
}

async function obey({ order: plates, port }) {
  const target = plates ? '/VIID/Dispositions' : `/VIID/Dispositions?IDList=${orderId}`;
  const codes = await bring(port, plates ? 'POST' : 'DELETE', target, plates && orders(order(plates.join(','))));
  const well = codes.every((code) => code === 0);
  say({ heard: well ? (plates ? 'order_taken' : 'order_withdrawn') : 'order_refused', text: `StatusCode ${codes}` });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const platform = await new ViidPlatform().listen();
  platform.told = ({ MotorVehicleObject, Tag }) => say({ heard: 'alarm', text: `${MotorVehicleObject.PlateNo}, ${Tag}` });
  run({ order: (line) => obey(line).catch((error) => say({ heard: 'order_refused', text: error.message })) });
  say({ listening: platform.port, device: deviceId, platform: platformId, user, password });
}
