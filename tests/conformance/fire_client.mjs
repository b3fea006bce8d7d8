// The program fire_link (fire_link.cc): our end of the link, told what to send, heard what became of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { programs } from '../e2e/program.mjs';

export class Client {
  constructor(t, protocol, addresses, options = {}) {
    const settings = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    this.child = spawn(path.join(programs, 'fire_link'), [protocol, addresses.join(','), ...settings]);
    this.lines = [];
    this.ended = once(this.child, 'close');
    createInterface({ input: this.child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
    this.child.stderr.pipe(process.stderr);
    this.child.stdin.on('error', () => {});
    t.after(() => this.stop());
  }
  tell(order) {
    this.child.stdin.write(`${order}\n`);
  }
  stop() {
    this.child.stdin.end();
    return this.ended;
  }
  async heard(condition, what, limit = 20_000) {
    const end = Date.now() + limit;
    for (;;) {
      const line = this.lines.find(condition);
      if (line) return line;
      if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}; heard ${JSON.stringify(this.lines)}`);
      await new Promise((wake) => setTimeout(wake, 10)); // poll
    }
  }
  up(address) {
    return this.heard((line) => line.up && line.address === address, `address ${address} is up`);
  }
  result(number, limit) {
    return this.heard((line) => line.ended === number, `delivery ${number} has ended`, limit);
  }
}
