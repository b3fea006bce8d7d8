// Our GB/T 26875.3-2011 client against a centre that behaves, and against every kind that doesn't.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Centre, CMD, build, timeOf } from './fire_centre.mjs';
import { Client } from './fire_client.mjs';

// Limits short enough for a test: an answer within 200 ms, said four times in all.
const quick = { answer: 200, connect: 1000, pause: 50 };

async function centre(t, manners) {
  const made = await new Centre(manners).listen();
  t.after(() => made.close());
  return made;
}
const at = (one) => `127.0.0.1:${one.port}`;

test('an alarm and its end arrive as component states, and count once the centre has confirmed them', async (t) => {
  const fire = await centre(t);
  const client = new Client(t, 'gbt', [at(fire)]);
  await client.up(0);
  assert.equal(fire.units[0].type, 21); // the device announces itself
  assert.equal(fire.units[0].state, 1);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  client.tell('send 2 smoke all_clear');
  assert.equal((await client.result(2)).result, 'delivered');
  const [alarm, clear] = fire.alarms();
  assert.deepEqual([alarm.system, alarm.component, alarm.address, alarm.state], [1, 40, 17, 0b11]);
  assert.equal(alarm.text, 'B1-017 -1 玫瑰园');
  assert.ok(Math.abs(alarm.time - (Date.now() + 8 * 3600_000)) < 10_000, 'local time of the centre');
  assert.equal(clear.state, 0b01);
  assert.deepEqual(fire.complaints, []);
  assert.equal(fire.device.toString('hex'), '010203040506');
  assert.equal(fire.own.toString('hex'), '111213141516');
});

test('a centre that is down gets the alarm when it is back', async (t) => {
  const fire = await centre(t);
  const port = fire.port;
  await fire.close();
  const client = new Client(t, 'gbt', [`127.0.0.1:${port}`], quick);
  await client.heard((line) => line.up === false, 'the link is down');
  client.tell('send 1 smoke alarm');
  await fire.listen(port);
  assert.equal((await client.result(1)).result, 'delivered');
});

test('a centre that accepts and never answers: said four times, then the second address takes it', async (t) => {
  const deaf = await centre(t, () => 'silent');
  const second = await centre(t);
  const client = new Client(t, 'gbt', [at(deaf), at(second)], { ...quick, supervision: 0 });
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(deaf.alarms().length, 4);
  assert.equal(new Set(deaf.alarms().map((unit) => unit.serial)).size, 1, 'a repeat has the serial of the first');
  assert.equal(second.alarms().length, 1);
  await client.up(1);
});

test('when the first address is back the link returns to it', async (t) => {
  const first = await centre(t);
  const second = await centre(t);
  const port = first.port;
  await first.close();
  const client = new Client(t, 'gbt', [`127.0.0.1:${port}`, at(second)], { ...quick, first_again: 300 });
  await client.up(1);
  await first.listen(port);
  await client.up(0);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(first.alarms().length, 1);
});

test('never acknowledged is never delivered: it ends as failed', async (t) => {
  const deaf = await centre(t, () => 'silent');
  const client = new Client(t, 'gbt', [at(deaf)], { ...quick, connect: 100, supervision: 0 });
  client.tell('send 1 smoke alarm');
  const { result, why } = await client.result(1);
  assert.equal(result, 'failed');
  assert.match(why, /not acknowledged it in time/);
});

test('a refusal is followed by another try, and by failed when the centre keeps refusing', async (t) => {
  let refuse = 2;
  const fire = await centre(t, (_, unit) => (unit.type === 2 && refuse-- > 0 ? 'deny' : 'confirm'));
  const client = new Client(t, 'gbt', [at(fire)], quick);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(fire.alarms().length, 3);
  refuse = 1000;
  client.tell('send 2 smoke alarm');
  const { result, why } = await client.result(2);
  assert.equal(result, 'failed');
  assert.match(why, /NAK/);
});

test('a slow centre is asked again and its late confirmation counts', async (t) => {
  const fire = await centre(t, (frame, unit, self) => {
    if (unit.type !== 2) return 'confirm';
    const late = build({ serial: frame.serial, command: CMD.confirm, from: frame.to, to: frame.from });
    setTimeout(() => self.socket.write(late), 300); // the slowness itself
    return 'silent';
  });
  const client = new Client(t, 'gbt', [at(fire)], quick);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.equal(fire.alarms().length, 2);
});

test('confirmations with a wrong checksum, a wrong serial or a wrong length do not count', async (t) => {
  const spoil = [
    (frame) => ((frame[frame.length - 3] ^= 1), frame),
    (frame) => ((frame[frame.length - 1] = 0), frame),
    (frame) => (frame.writeUInt16LE(9, 24), frame),
    (frame, one) => build({ serial: one.serial ^ 0xff, command: CMD.confirm, from: one.to, to: one.from }),
  ];
  let next = 0;
  const fire = await centre(t, (frame, unit) => {
    if (unit.type !== 2 || next >= spoil.length) return 'confirm';
    return spoil[next++](build({ serial: frame.serial, command: CMD.confirm, from: frame.to, to: frame.from }), frame);
  });
  const client = new Client(t, 'gbt', [at(fire)], { ...quick, answer: 300 });
  client.tell('send 1 smoke alarm');
  // The frame with the wrong length swallows the next answer: the confirmation still counts in the end.
  assert.equal((await client.result(1)).result, 'delivered');
  assert.ok(fire.alarms().length >= 4, `${fire.alarms().length} tries`);
});

test('garbage between the frames is skipped; nothing but garbage ends the connection', async (t) => {
  let flood = false;
  const garbage = Buffer.from('\x00@@@garbage##@@'.repeat(10), 'latin1');
  const fire = await centre(t, (frame) => {
    const confirm = build({ serial: frame.serial, command: CMD.confirm, from: frame.to, to: frame.from });
    return flood ? Buffer.alloc(200_000, '@@#x') : Buffer.concat([garbage, confirm, garbage]);
  });
  const client = new Client(t, 'gbt', [at(fire)], quick);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  flood = true;
  client.tell('send 2 smoke alarm');
  await client.heard((line) => line.up === false && /garbage/.test(line.why), 'the link is given up');
  flood = false;
  assert.equal((await client.result(2)).result, 'delivered');
});

test('a flood of questions does not keep an alarm from getting through', async (t) => {
  const fire = await centre(t);
  const client = new Client(t, 'gbt', [at(fire)], quick);
  await client.up(0);
  for (let i = 0; i < 20_000; ++i) fire.ask(CMD.request, [81, 1]);
  client.tell('send 1 smoke alarm');
  assert.equal((await client.result(1)).result, 'delivered');
  assert.ok(fire.answers.length <= 1000, `${fire.answers.length} answers to a flood`);
});

test('roll call: confirmed by the machine, answered by a person', async (t) => {
  const fire = await centre(t);
  const client = new Client(t, 'gbt', [at(fire)]);
  await client.up(0);
  const serial = fire.ask(CMD.control, [91, 1, 5]);
  assert.equal((await client.heard((line) => 'roll_call' in line, 'the roll call')).roll_call, 5 * 60_000);
  await fire.until(() => fire.answers.some((one) => one.serial === serial && one.command === CMD.confirm), 'confirmed');
  client.tell('duty 42');
  await fire.until(() => fire.units.some((one) => one.type === 24), 'the answer of the person on duty');
  const duty = fire.units.find((one) => one.type === 24);
  assert.deepEqual([duty.operation, duty.operator], [1 << 5, 42]);
});

test('the clock, the state and the version are told when asked for; a clock order is obeyed within a day', async (t) => {
  const fire = await centre(t);
  const client = new Client(t, 'gbt', [at(fire)]);
  await client.up(0);
  const ask = async (command, data) => {
    const serial = fire.ask(command, data);
    await fire.until(() => fire.answers.some((one) => one.serial === serial), `an answer to ${data}`);
    return fire.answers.find((one) => one.serial === serial);
  };
  assert.equal((await ask(CMD.request, [81, 1])).unit.type, 21);
  assert.deepEqual((await ask(CMD.request, [85, 1])).unit.version, [1, 0]);
  const beijing = Date.now() + 8 * 3600_000;
  assert.ok(Math.abs((await ask(CMD.request, [88, 1])).unit.time - beijing) < 5_000);
  assert.equal((await ask(CMD.control, [90, 1, ...timeOf(new Date(beijing + 120_000))])).command, CMD.confirm);
  assert.ok(Math.abs((await ask(CMD.request, [88, 1])).unit.time - beijing - 120_000) < 5_000, 'two minutes ahead');
  assert.equal((await ask(CMD.control, [90, 1, ...timeOf(new Date(beijing + 3 * 86_400_000))])).command, CMD.deny);
  assert.equal((await ask(CMD.control, [90, 1, 99, 99, 99, 99, 99, 99])).command, CMD.deny);
  assert.equal((await ask(CMD.control, [89, 1, 0])).command, CMD.deny, 'nobody resets us from outside');
});

test('a burst of 2,000 alarms is delivered, each once', async (t) => {
  const fire = await centre(t);
  const client = new Client(t, 'gbt', [at(fire)]);
  await client.up(0);
  for (let i = 1; i <= 2000; ++i) client.tell(`send ${i} smoke alarm`);
  await client.heard(() => client.lines.filter((line) => line.result === 'delivered').length === 2000, 'all of them');
  assert.equal(fire.alarms().length, 2000);
});

test('supervision notices a centre that falls silent, without any alarm', async (t) => {
  let silent = false;
  const fire = await centre(t, () => (silent ? 'silent' : 'confirm'));
  const client = new Client(t, 'gbt', [at(fire)], { ...quick, supervision: 100 });
  await client.up(0);
  await fire.until(() => fire.units.length >= 3, 'regular signs of life');
  silent = true;
  await client.heard((line) => line.up === false && /doesn't answer/.test(line.why), 'the silence is noticed');
});
