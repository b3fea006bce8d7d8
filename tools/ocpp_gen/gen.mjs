// node gen.mjs <schemas.json> <namespace> <output folder> <number of codec files> [<names of inline types.json>]
//
// Writes the C++ types of one OCPP version. Run by cmake/OcppTypes.cmake; files that stay the same are not touched.
import fs from 'node:fs';
import path from 'node:path';
import { actionsHeader, codecSource, messagesList, tablesSource, typesHeader } from './emit.mjs';
import { readModel } from './model.mjs';

const [schemaFile, namespace, folder, codecFiles, namesFile] = process.argv.slice(2);
if (!codecFiles) {
  console.error('usage: gen.mjs <schemas.json> <namespace> <output folder> <number of codec files> [<names.json>]');
  process.exit(2);
}
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

function write(name, text) {
  const file = path.join(folder, name);
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return;
  fs.writeFileSync(file, text);
}

const model = readModel(readJson(schemaFile), namesFile ? readJson(namesFile) : {});
fs.mkdirSync(folder, { recursive: true });
write('types.h', typesHeader(model, namespace));
write('actions.h', actionsHeader(namespace));
write('tables.cc', tablesSource(model, namespace));
write('messages.inc', messagesList(model));
const structs = [...model.structs.values()];
const each = Math.ceil(structs.length / Number(codecFiles));
for (let i = 0; i < Number(codecFiles); ++i) {
  write(`codec_${i + 1}.cc`, codecSource(structs.slice(i * each, (i + 1) * each), namespace));
}
console.log(`OCPP ${namespace}: ${model.actions.length} actions, ${model.structs.size} structs, ${model.enums.size} enums`);
