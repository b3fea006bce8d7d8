#!/usr/bin/env node
// An SMS centre behind Debian's Kannel, as a program: tests/conformance/sms_centre.mjs says where the gateway listens, then
// every SMS. Kannel's configuration goes into a directory of its own that is gone afterwards.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { run, say } from './far_end.mjs';
import { Kannel, missing } from './kannel.mjs';

if (missing) {
  console.error(missing);
  process.exit(1);
}
const user = 'bayward';
const password = 'password-of-the-gateway';
const dir = await mkdtemp(path.join(tmpdir(), 'bayward-sms-'));
let gateway;
const end = () => {
  gateway?.stop();
  rmSync(dir, { recursive: true, force: true });
};
run({ end });
gateway = await Kannel.start(dir, { user, password });
gateway.told = (line) => {
  const [, from, to, text] = /^(\S+) (\S+) \S+ (.*)$/.exec(line) ?? [null, '', '', line];
  say({ heard: /^All clear|^警报解除/.test(text) ? 'all_clear' : 'alarm', text: `${from} to ${to}: ${text}` });
};
say({ listening: gateway.http, user, password });
