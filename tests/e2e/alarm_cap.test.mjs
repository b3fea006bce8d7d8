// The CAP 1.2 feed of the real server: smoke is told when a desk with the token has fetched its document, and the cancel
// follows; judged by xmllint with the schema of OASIS where that is there.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { accept, acknowledge, connect, delivered, incidentOf, listen, site, smoke, stateOf } from './alarm_site.mjs';
import { directory, eventually, root, run } from './program.mjs';

const schema = path.join(process.env.BAYWARD_DATA ?? path.join(root, '../shared/data'), 'cap/cap12.xsd');
const token = 'the-token-of-the-fire-desk';

test('D3, D4: a desk fetches the alert with its token, which is what delivers it, and later the cancel', async (t) => {
  const office = await listen(t, acknowledge);
  const gateway = await listen(t, accept);
  const dir = await directory(t);
  await writeFile(path.join(dir, 'token'), `${token}\n`);
  const place = await site(t, office.port, gateway.port, {
    ways: 'fire_desk = ["cap"]',
    tables: `[alarms.cap]
listen = "127.0.0.1:0"
base_url = "https://alarms.example/cap/"
token_file = "${dir}/token"
sender = "bayward.rosenhof.example"
sender_name = "Rosenhof"
`,
  });
  const { port } = JSON.parse(place.server.log.split('\n').find((line) => line.includes('"cap.listening"')));
  const get = async (target, bearer = token) => {
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, { headers: { authorization: `Bearer ${bearer}` } });
    return { status: answer.status, text: await answer.text() };
  };
  const charger = await connect(t, place);
  await smoke(charger);
  const incident = await incidentOf(place);
  const listed = async () =>
    [...(await get('/cap/')).text.matchAll(/href="https:\/\/alarms\.example(\/cap\/inc-[^"]+)"/g)].map(([, target]) => target);
  const [target] = await eventually(listed, (targets) => targets.length === 1, 'the feed lists it');

  assert.equal((await get('/cap/', 'some-other-token-of-a-desk')).status, 401);
  assert.equal((await get(target, '')).status, 401);
  assert.equal((await get('/cap/inc-unknown')).status, 404);
  assert.equal(await stateOf(place, incident, 'fire_desk'), 'pending', 'listed is not fetched');
  const alert = await get(target);
  assert.match(alert.text, /<msgType>Alert<\/msgType>/);
  await delivered(place, incident, 'fire_desk');

  await place.staff.post(`/incidents/${incident}/close`);
  const [over] = await eventually(listed, ([one]) => one?.endsWith('.over'), 'the cancel is listed', 30_000);
  const cancel = await get(over);
  assert.match(cancel.text, /<msgType>Cancel<\/msgType>/);
  if (!existsSync(schema)) return t.diagnostic(`not judged by xmllint: ${schema} is missing, set BAYWARD_DATA`);
  for (const { text } of [alert, cancel]) {
    const judged = await run('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], { input: text });
    assert.equal(judged.code, 0, judged.stderr);
  }
});
