// C++ names for OCPP's: members and enumerators in snake_case, types as OCPP calls them.

const keywords = new Set(
  ('alignas alignof and asm auto bitand bitor bool break case catch char class compl concept const constexpr continue ' +
   'decltype default delete do double else enum explicit export extern false float for friend goto if inline int long ' +
   'mutable namespace new noexcept not nullptr operator or private protected public register requires return short signed ' +
   'sizeof static struct switch template this throw true try typedef typeid typename union unsigned using virtual void ' +
   'volatile while xor').split(' '));

// Words whose capitals don't mark the parts of a name.
const wholes = [[/SoC/g, 'Soc'], [/^eMAID$/, 'emaid'], [/^k(W|VA)/, (unit) => unit.toLowerCase()]];

export function snake(name) {
  let out = name;
  for (const [pattern, replacement] of wholes) out = out.replace(pattern, replacement);
  out = out
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/([0-9])([A-Z][a-z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
  if (/^[0-9]/.test(out)) out = `n${out}`;
  return keywords.has(out) ? `${out}_` : out;
}

// The name of an inline type: the entry of `names` that is the longest end of its path.
export function inlineName(names, path) {
  const segments = path.split('/');
  for (let from = 0; from < segments.length; ++from) {
    const name = names[segments.slice(from).join('/')];
    if (name) return name;
  }
  throw new Error(`the schema's inline type at ${path} needs a name in the names file`);
}

export function unique(names, what) {
  const seen = new Set();
  for (const name of names) {
    if (seen.has(name)) throw new Error(`${what}: two things would be called ${name}`);
    seen.add(name);
  }
}
