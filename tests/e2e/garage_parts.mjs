// What surrounds bayward-site's garage in its end-to-end tests: pictures, a camera and an SMS gateway over HTTP.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { crc32, deflateSync } from 'node:zlib';

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function png(width, height, pixel) {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const [r, g, b] = pixel(x, y);
      rows.set([r, g, b].map((one) => Math.max(0, Math.min(255, Math.round(one)))), y * (width * 3 + 1) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)),
  ]);
}

// The same floor each time; light and noise differ.
export function bayPicture({ car = false, light = 1, seed = 1 } = {}) {
  let state = seed;
  const noise = () => ((state = (state * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff - 0.5) * 8;
  const floor = (x, y) => 110 + 14 * Math.sin(x * 0.9 + Math.sin(y * 0.7) * 3) * Math.cos(y * 0.8 + x * 0.13);
  return png(192, 320, (x, y) => {
    let colour = [floor(x, y), floor(x, y), floor(x, y)];
    if (x < 14 || x > 178 || y < 12) colour = [215, 215, 215];
    if (car && x > 34 && x < 158 && y > 30 && y < 296) {
      colour = [150, 40, 50];
      if ((y > 88 && y < 124) || (y > 224 && y < 256)) colour = [35, 40, 45];
      if (x < 44 || x > 148) colour = [60, 20, 24];
      if (y > 280) colour = x % 40 < 16 ? [230, 220, 90] : [150, 40, 50];
    }
    return colour.map((one) => one * light + noise());
  });
}

// A server with routes { path: () => ({status, type, body}) }; `asked` has the targets.
export async function httpServer(t, routes) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const route = routes[request.url.split('?')[0]];
    if (!route) return response.writeHead(404).end();
    const { status = 200, type = 'text/plain', body = '' } = route(new URL(request.url, 'http://x').searchParams);
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, asked, server };
}

// One request of a phone in the garage's network; asked to come back later, it does.
export async function lanCall(url, cookie, method, target, body, headers = {}) {
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const answer = await fetch(url + target, {
    method,
    headers: { ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && (raw ? body : JSON.stringify(body)),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status === 429 && answer.headers.has('retry-after')) {
    await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after')) * 1000)); // not a wait: what it was told
    return lanCall(url, cookie, method, target, body, headers);
  }
  const json = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(bytes) : null;
  return { status: answer.status, headers: answer.headers, json, bytes };
}
