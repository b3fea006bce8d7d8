// Debian's Kannel, the SMS gateway, with its "fake" SMSC: one line of text a message, to whoever plays the SMS centre.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

export const missing = ['/usr/sbin/bearerbox', '/usr/sbin/smsbox'].every(existsSync) ? false : 'kannel is not installed';

// Kannel wants its ports by number.
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

// A socket to somebody who is still starting.
async function reach(port, what) {
  for (const end = Date.now() + 20_000; ; ) {
    const socket = net.connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => socket.on('connect', () => resolve(true)).on('error', () => resolve(false)));
    if (open) return socket;
    if (Date.now() > end) throw new Error(`not within 20 s: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50)); // poll
  }
}

export class Kannel {
  lines = []; // the SMS centre's: "from to text ..."
  told = () => {};

  // Configuration and nothing else goes into `dir`.
  static async start(dir, { user, password }) {
    const gateway = new Kannel();
    const [admin, box, centre, http] = await freePorts(4);
    const file = path.join(dir, 'kannel.conf');
    await writeFile(
      file,
      `group = core
admin-port = ${admin}
admin-password = nobody
admin-interface = 127.0.0.1
smsbox-port = ${box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"

group = smsc
smsc = fake
smsc-id = fake
port = ${centre}
connect-allow-ip = "127.0.0.1"

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${http}
sendsms-interface = 127.0.0.1
global-sender = 1000

group = sendsms-user
username = ${user}
password = "${password}"
concatenation = true
max-messages = 3
`,
    );
    gateway.http = http;
    gateway.children = [];
    for (const [program, port] of [
      ['bearerbox', box],
      ['smsbox', http],
    ]) {
      gateway.children.push(spawn(`/usr/sbin/${program}`, ['-v', '4', file], { stdio: 'ignore' }));
      (await reach(port, `${program} listens`)).destroy();
    }
    gateway.centre = await reach(centre, 'the SMS centre can connect');
    let kept = '';
    gateway.centre.on('error', () => {});
    gateway.centre.on('data', (data) => {
      const lines = (kept + data).split('\n');
      kept = lines.pop();
      for (const line of lines.filter(Boolean)) {
        gateway.lines.push(line);
        gateway.told(line);
      }
    });
    return gateway;
  }
  stop() {
    this.centre?.destroy();
    for (const child of this.children) child.kill('SIGKILL');
  }
}
