// Our validator against the strict validators of ocpp-rpc (ajv over the official schemas): for thousands of payloads,
// valid and broken, both must say the same, and what we write must be valid to ajv.
//
// Repeat a run with BAYWARD_SEED=<seed>. Where we differ on purpose is in the last test.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';

const require = createRequire(import.meta.url);
const validators = require('ocpp-rpc/lib/standard-validators.js'); // in 2.1 by the schemas' own names
const versions = [
  { name: 'v16', subprotocol: 'ocpp1.6', schemas: require('ocpp-rpc/lib/schemas/ocpp1_6.json') },
  { name: 'v201', subprotocol: 'ocpp2.0.1', schemas: require('ocpp-rpc/lib/schemas/ocpp2_0_1.json') },
  { name: 'v21', subprotocol: 'ocpp2.1', schemas: require('ocpp-rpc/lib/schemas/ocpp2_1.json') },
];
const judge = path.join(process.env.BAYWARD_BIN ?? 'build/dev', 'ocpp_judge');
const seed = Number(process.env.BAYWARD_SEED ?? 20261121);
const perMessage = 40;

// Mulberry32.
function generator(start) {
  let state = start >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return { below: (limit) => next() % limit, pick: (items) => items[next() % items.length], chance: (part) => next() % 100 < part };
}

// The last has no offset: 1.6 devices send it, and ajv takes it too.
const dateTimes = ['2026-03-29T01:00:00Z', '2026-03-29T01:00:00.123456Z', '2026-02-28t23:59:59z', '2026-01-01T00:00:00+08:00',
  '2026-01-01T00:00:00-0530', '2026-01-01T00:00:00+08', '2026-01-01T00:00:00'];
const nonDateTimes = ['2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01', '01:00:00Z', '', 'now', '2026-1-1T00:00:00Z', '2026-01-01T00:00:00.Z'];

function instance(random, node, definitions, depth = 0) {
  if (node.$ref) return instance(random, definitions[node.$ref.replace('#/definitions/', '')], definitions, depth);
  if (node.enum) return random.pick(node.enum);
  switch (node.type) {
    case 'object': {
      const out = {};
      for (const [name, child] of Object.entries(node.properties ?? {})) {
        if (node.required?.includes(name) || random.chance(depth < 3 ? 50 : 15)) out[name] = instance(random, child, definitions, depth + 1);
      }
      if (node.additionalProperties !== false && random.chance(30)) out.vendorsOwn = { a: [1, 2.5, null] };
      return out;
    }
    case 'array': {
      const fewest = node.minItems ?? 0;
      const count = Math.min(node.maxItems ?? 3, fewest + random.below(3));
      return Array.from({ length: count }, () => instance(random, node.items, definitions, depth + 1));
    }
    case 'integer': return (node.minimum ?? -5) + random.below((node.maximum ?? 100000) - (node.minimum ?? -5) + 1);
    case 'number': return node.multipleOf ? random.below(1000) / 10 : random.below(100000) / 1000;
    case 'boolean': return random.chance(50);
    case 'string':
      if (node.format === 'date-time') return random.pick(dateTimes);
      if (node.format === 'uri') return random.pick(['https://example.org/x?y=1', 'ftp://user@10.0.0.1/log']);
      return random.pick(['é', 'x', '沪', '🚗']).repeat(random.below(Math.min(node.maxLength ?? 30, 60) + 1));
    default: return random.pick([1, 'x', null, { a: 1 }, [1]]);
  }
}

// Every place below a value, with the schema that holds there.
function places(value, node, definitions, set, out) {
  while (node.$ref) node = definitions[node.$ref.replace('#/definitions/', '')];
  out.push({ value, node, set });
  if (Array.isArray(value) && node.items) {
    value.forEach((item, i) => places(item, node.items, definitions, (x) => (value[i] = x), out));
  } else if (value && typeof value === 'object' && node.properties) {
    for (const name of Object.keys(value)) {
      if (node.properties[name]) places(value[name], node.properties[name], definitions, (x) => (value[name] = x), out);
    }
  }
  return out;
}

const anything = [null, true, 0, 1, -1, 1.5, 1e3, 2 ** 40, '', 'x', '0', [], {}, [1], { a: 1 }];

function mutate(random, { value, node, set }) {
  const choices = [() => set(random.pick(anything))];
  if (Array.isArray(value)) {
    choices.push(() => (value.length = 0), () => value.push(...structuredClone(value), ...structuredClone(value), ...structuredClone(value)));
  } else if (value && typeof value === 'object') {
    const names = Object.keys(value);
    if (names.length > 0) choices.push(() => delete value[random.pick(names)]);
    choices.push(() => (value.unheardOf = 1));
  } else if (typeof value === 'string') {
    if (node.enum) choices.push(() => set(value.toLowerCase()), () => set(value + ' '));
    if (node.format === 'date-time') choices.push(() => set(random.pick(nonDateTimes)), () => set(random.pick(dateTimes)));
    if (node.format === 'uri') choices.push(() => set('no uri'));
    for (const extra of [0, 1]) choices.push(() => set('é'.repeat((node.maxLength ?? 50) + extra)));
  } else if (typeof value === 'number') {
    choices.push(() => set(value + 0.05), () => set(value + 1e-8), () => set(-value), () => set((node.maximum ?? 100) + 1), () => set((node.minimum ?? 0) - 1));
  }
  random.pick(choices)();
}

function cases(version, random) {
  const out = [];
  for (const schema of version.schemas) {
    const message = schema.$id.replace(/^urn:/, '').replace(/\.req$/, 'Request').replace(/\.conf$/, 'Response');
    for (let i = 0; i < perMessage; ++i) {
      const holder = { payload: instance(random, schema, schema.definitions) };
      for (let n = i % 3; n > 0; --n) {
        mutate(random, random.pick(places(holder.payload, schema, schema.definitions, (x) => (holder.payload = x), [])));
      }
      out.push({ id: schema.$id, message, payload: holder.payload });
    }
  }
  return out;
}

function ours(version, all) {
  const input = all.map(({ message, payload }) => `${version.name} ${message} ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n`).join('');
  const run = spawnSync(judge, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, `${judge}: ${run.error ?? run.stderr}`);
  return run.stdout.trimEnd().split('\n');
}

function accepts(version, id, payload) {
  try {
    validators.find((one) => one.subprotocol === version.subprotocol).validate(id, payload);
    return true;
  } catch {
    return false;
  }
}

for (const version of versions) {
  test(`${version.name}: the same verdict as ajv on every payload (seed ${seed})`, () => {
    // A payload that is a JSON string would look like raw text to ours(): no message is one.
    const all = cases(version, generator(seed)).filter(({ payload }) => typeof payload !== 'string');
    const verdicts = ours(version, all);
    assert.equal(verdicts.length, all.length);
    let valid = 0;
    all.forEach(({ id, message, payload }, i) => {
      const expected = accepts(version, id, payload);
      const ok = verdicts[i].startsWith('ok ');
      assert.equal(ok, expected, `${message} ${JSON.stringify(payload)}: ajv ${expected}, we say ${verdicts[i]}`);
      if (!ok) return;
      ++valid;
      assert.ok(accepts(version, id, JSON.parse(verdicts[i].slice(3))), `what we write is not valid: ${message} ${verdicts[i]}`);
    });
    assert.ok(valid > all.length / 4 && valid < (all.length * 3) / 4, `${valid} of ${all.length} valid: the mutations are of no use`);
  });
}

test('we refuse what cannot be kept exactly or is ambiguous; ajv never sees it', () => {
  const raw = ['{"connectorId":1,"connectorId":2}', '{"connectorId":18446744073709551616}', `{"connectorId":1${'0'.repeat(500)}}`];
  for (const verdict of ours(versions[0], raw.map((payload) => ({ message: 'UnlockConnectorRequest', payload })))) {
    assert.match(verdict, /^refused/);
  }
});
