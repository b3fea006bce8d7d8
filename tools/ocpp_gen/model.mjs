// Reads a version's schemas into what is generated: enums, structs in dependency order, and messages.
//
// A type is {kind: 'any'|'boolean'|'integer'|'number'|'text'|'date_time'|'uri', min, max, sizeMin, sizeMax, places}
// or {kind: 'array', items, sizeMin, sizeMax} or {kind: 'enumeration'|'object', name}.
import { inlineName, snake, unique } from './names.mjs';

const ignored = ['$id', '$schema', '$ref', 'description', 'comment', 'javaType', 'default', 'additionalItems', 'definitions'];
const understood = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'minItems', 'maxItems'],
  string: ['enum', 'format', 'minLength', 'maxLength', 'additionalProperties'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum', 'multipleOf'],
  boolean: [],
  any: [],
};

// Never generate a validator that silently checks less than the schema says.
function refuseUnknownKeywords(node, path) {
  const type = node.type ?? 'any';
  if (!(type in understood)) throw new Error(`${path}: type ${type}`);
  for (const key of Object.keys(node)) {
    if (key === 'type' || ignored.includes(key) || understood[type].includes(key)) continue;
    throw new Error(`${path}: this generator does not know the keyword ${key}`);
  }
}

function placesOf(multipleOf, path) {
  const places = -Math.round(Math.log10(multipleOf));
  if (places < 0 || Math.abs(10 ** -places - multipleOf) > 1e-12) throw new Error(`${path}: multipleOf ${multipleOf}`);
  return places;
}

export class Model {
  constructor(names) {
    this.names = names;
    this.enums = new Map();    // name -> {name, words, enumerators}
    this.structs = new Map();  // name -> {name, open, fields: [{json, member, type, required}]}, dependencies first
    this.actions = [];         // {name, request, response}: struct names; no response: a SEND of 2.1
    this.shapes = new Map();   // name -> canonical text of its schema
    this.busy = new Set();
  }

  // True when the name is new; false when the same type was seen before.
  claim(name, node, path) {
    const shape = JSON.stringify(node, (key, value) => (ignored.includes(key) && key !== '$ref' && typeof value !== 'object' ? undefined : value));
    if (this.shapes.has(name)) {
      if (this.shapes.get(name) !== shape) throw new Error(`${path}: another type is called ${name}`);
      return false;
    }
    this.shapes.set(name, shape);
    return true;
  }

  type(node, path, definitions) {
    if (node.$ref) {
      const name = node.$ref.replace(/^#\/definitions\//, '');
      if (!definitions[name]) throw new Error(`${path}: no definition ${node.$ref}`);
      return this.named(name, definitions[name], name, definitions);
    }
    refuseUnknownKeywords(node, path);
    if (node.type === 'object' || node.enum) return this.named(inlineName(this.names, path), node, path, definitions);
    switch (node.type) {
      case undefined: return { kind: 'any' };
      case 'boolean': return { kind: 'boolean' };
      case 'integer': return { kind: 'integer', min: node.minimum, max: node.maximum };
      case 'number':
        return { kind: 'number', min: node.minimum, max: node.maximum,
          places: node.multipleOf === undefined ? undefined : placesOf(node.multipleOf, path) };
      case 'string': return this.text(node, path);
      case 'array':
        return { kind: 'array', items: this.type(node.items, path, definitions), sizeMin: node.minItems, sizeMax: node.maxItems };
    }
    throw new Error(`${path}: ${JSON.stringify(node)}`);
  }

  text(node, path) {
    const kinds = { undefined: 'text', 'date-time': 'date_time', uri: 'uri' };
    const kind = kinds[node.format];
    if (!kind) throw new Error(`${path}: format ${node.format}`);
    return { kind, sizeMin: node.minLength, sizeMax: node.maxLength };
  }

  // A type with a name of its own: an enumeration or a struct, else (a definition of a plain type) just that.
  named(name, node, path, definitions) {
    if (node.enum) {
      if (this.claim(name, node, path)) {
        const enumerators = node.enum.map(snake);
        unique(enumerators, name);
        this.enums.set(name, { name, words: node.enum, enumerators });
      }
      return { kind: 'enumeration', name };
    }
    if (node.type !== 'object') return this.type(node, path, definitions);
    this.struct(name, node, path, definitions);
    return { kind: 'object', name };
  }

  struct(name, node, path, definitions) {
    if (this.busy.has(name)) throw new Error(`${path}: ${name} contains itself`);
    if (!this.claim(name, node, path)) return;
    refuseUnknownKeywords(node, path);
    this.busy.add(name);
    const required = node.required ?? [];
    const fields = Object.entries(node.properties ?? {}).map(([json, child]) => ({
      json,
      member: snake(json),
      type: this.type(child, `${path}/${json}`, definitions),
      required: required.includes(json),
    }));
    for (const key of required) {
      if (!fields.some((field) => field.json === key)) throw new Error(`${path}: requires unknown ${key}`);
    }
    this.busy.delete(name);
    const open = node.additionalProperties !== false;
    unique(fields.map((field) => field.member).concat(open ? ['others'] : []), name);
    this.structs.set(name, { name, open, fields });
  }

  message(schema) {
    const id = schema.$id.replace(/^urn:/, '');
    const match = /^(.*?)(\.req|\.conf|Request|Response)?$/.exec(id);
    const isRequest = match[2] !== '.conf' && match[2] !== 'Response';
    // OCPP 2.1 part 4, 4.1.6: what is neither is sent and never answered.
    const name = match[2] === undefined ? id : match[1] + (isRequest ? 'Request' : 'Response');
    this.struct(name, schema, id, schema.definitions ?? {});
    let action = this.actions.find((other) => other.name === match[1]);
    if (!action) this.actions.push((action = { name: match[1] }));
    action[isRequest ? 'request' : 'response'] = name;
    if (match[2] === undefined) action.isSend = true;
  }
}

export function readModel(schemas, names) {
  const model = new Model(names);
  // Responses first: a request names its response.
  const isRequest = (schema) => !/(\.conf|Response)$/.test(schema.$id);
  for (const schema of schemas.filter((one) => !isRequest(one))) model.message(schema);
  for (const schema of schemas.filter(isRequest)) model.message(schema);
  for (const action of model.actions) {
    if (!action.request || Boolean(action.isSend) === Boolean(action.response)) throw new Error(`${action.name} lacks its request or its response`);
  }
  model.actions.sort((a, b) => (a.name < b.name ? -1 : 1));
  unique([...model.enums.keys(), ...model.structs.keys()], 'types');
  return model;
}
