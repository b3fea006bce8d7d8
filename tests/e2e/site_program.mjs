// The site controller as a program, in front of a server or of nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { programs, within } from './program.mjs';

export const siteProgram = path.join(programs, 'bayward-site');

export async function siteConfig(dir, upstream, more = '') {
  const file = path.join(dir, 'site.toml');
  await writeFile(
    file,
    `[site]\ndata_directory = "${path.join(dir, 'site')}"\nport = 0\n` +
      `[upstream]\nurl = "${upstream}"\nretry_max_s = 1\nanswer_timeout_s = 3\n${more}`,
  );
  return file;
}

export class Site {
  // Resolves when it listens; throws with its log when it ends before. `port` 0: a free one.
  static async start(t, configFile, { args = [], env = {} } = {}) {
    const site = new Site();
    site.log = '';
    site.child = spawn(siteProgram, ['--config', configFile, ...args], { env: { ...process.env, ...env } });
    site.ended = once(site.child, 'close').then(([code, signal]) => ({ code, signal, log: site.log }));
    const listening = new Promise((resolve) => {
      const read = (data) => {
        site.log += data;
        const line = site.log.split('\n').find((one) => one.includes('"http.listening"') && one.endsWith('}'));
        if (line && site.port === undefined) {
          site.port = JSON.parse(line).port;
          resolve();
        }
      };
      site.child.stdout.on('data', read);
      site.child.stderr.on('data', read);
    });
    t.after(() => site.kill());
    const early = site.ended.then(({ code, log }) => {
      if (site.port === undefined) throw new Error(`the site ended with ${code}:\n${log.slice(-2000)}`);
    });
    await within(Promise.race([listening, early]), 30_000, 'the site listens');
    site.url = `http://127.0.0.1:${site.port}`;
    return site;
  }
  kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }
  stop() {
    this.child.kill('SIGTERM');
    return within(this.ended, 30_000, 'the site stops');
  }
  async health() {
    return (await fetch(`${this.url}/health`)).json();
  }
  async metrics() {
    return (await fetch(`${this.url}/metrics`)).text();
  }
}
