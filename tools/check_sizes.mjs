// Keeps functions to a screen and files short. C++ functions: at most 70 lines, found by their braces. Source files: at
// most 400 lines; tools/size_ratchet.json names the exceptions with their present number, which may only shrink, and
// nothing is above 800. `--update` writes shrunk numbers down; it never adds or raises one.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { files_of, root } from "./tracked.mjs";

export const limits = { function_lines: 70, file_lines: 400, file_lines_hard: 800 };
const ratchet_path = "tools/size_ratchet.json";
const source = /\.(cc|h|inc|mjs|js|ts|tsx|css|html|sh|py|sql|cmake)$|^dev$|^tools\/dev\/|(^|\/)CMakeLists\.txt$/;
const cpp = /\.(cc|h|inc)$/;
const generated = /@generated|^(\/\/|#|\/\*)\s*Generated (by|from)/im;

// The same text with comments, strings and preprocessor lines blanked, so that braces mean blocks.
export function blanked(text) {
  const blank = (piece) => piece.replace(/[^\n]/g, " ");
  const tokens =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^\s()\\]{0,16})\([\s\S]*?\)\1"|"(?:\\[\s\S]|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*/gm;
  return text.replace(tokens, blank);
}

const container = /(^|[\s>;])(namespace|class|struct|union|enum|extern|concept)\b[^()]*(\([^()]*\)[^()]*)?$/;

function function_name(head) {
  const lambda = /(\w+)\s*=\s*\[/.exec(head);
  if (lambda) return lambda[1];
  const match = /([~\w:]+|operator\s*\S{1,3})\s*\(/.exec(head.replace(/\b(requires|alignas|decltype|noexcept|explicit)\s*\(/g, " "));
  return match ? match[1] : "?";
}

// Functions with a body, as { name, line, lines }. Lambdas and local types belong to the function they stand in.
export function functions_of(text) {
  const code = blanked(text);
  const found = [];
  let line = 1;
  let head = "";
  let head_line = 1;
  let inside = null; // the function or initialiser being skipped
  let depth = 0;
  const restart = () => {
    head = "";
    head_line = line;
  };
  for (const char of code) {
    if (char === "\n") line += 1;
    if (inside) {
      if (char === "{") depth += 1;
      if (char !== "}" || (depth -= 1) > 0) continue;
      if (inside.name) found.push({ name: inside.name, line: inside.line, lines: line - inside.line + 1 });
      // A braced member in a constructor's initialiser list is followed by more of the same head.
      if (!inside.name) head += "{}";
      else restart();
      inside = null;
    } else if (char === "{") {
      const plain = head.trim();
      const member_initialiser = /\)\s*(noexcept\s*)?:(?!:)[\s\S]*[\w>]$/.test(plain) && !/[)}]$/.test(plain);
      if (container.test(plain) && !/[)]\s*(const|noexcept|override|final)?\s*$/.test(plain)) restart();
      else {
        const is_function = plain.includes("(") && !/=\s*$/.test(plain) && !member_initialiser && !/=[^=()]*$/.test(plain);
        inside = { name: is_function ? function_name(plain) : null, line: head_line };
        depth = 1;
      }
    } else if (char === "}" || char === ";") {
      restart();
    } else {
      if (head === "" && /\s/.test(char)) head_line = line;
      else head += char;
    }
  }
  return found;
}

function file_errors(path, lines, allowed, add) {
  if (lines > limits.file_lines_hard) {
    add(`${path}: ${lines} lines, and no file may exceed ${limits.file_lines_hard}; split it by what its parts are for`);
  } else if (allowed !== undefined) {
    if (lines > allowed) add(`${path}: ${lines} lines, the ratchet allows ${allowed} and only shrinks; split it`);
    else if (lines < allowed) add(`${path}: shrank to ${lines} lines (ratchet ${allowed}); run node tools/check_sizes.mjs --update`);
  } else if (lines > limits.file_lines) {
    add(`${path}: ${lines} lines, the limit is ${limits.file_lines}; split it, or if it is better whole, list it in ${ratchet_path}`);
  }
}

// { errors, sizes }: `sizes` holds the measured number of every file above the soft limit.
export function measure(tree, ratchet, files = files_of(tree)) {
  const errors = [];
  const sizes = {};
  const add = (message) => errors.push(message);
  for (const path of files) {
    if (!source.test(path)) continue;
    const text = readFileSync(join(tree, path), "utf8");
    if (generated.test(text.slice(0, 400))) continue;
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    if (lines > limits.file_lines) sizes[path] = lines;
    file_errors(path, lines, ratchet[path], add);
    if (!cpp.test(path)) continue;
    for (const found of functions_of(text)) {
      if (found.lines <= limits.function_lines) continue;
      add(`${path}:${found.line}: ${found.name} has ${found.lines} lines, the limit is ${limits.function_lines}; name its parts`);
    }
  }
  for (const path of Object.keys(ratchet)) {
    if (!files.includes(path)) add(`${ratchet_path}: ${path} does not exist any more; run node tools/check_sizes.mjs --update`);
  }
  return { errors, sizes };
}

function main() {
  const update = process.argv.includes("--update");
  const tree = resolve(process.argv.slice(2).find((word) => !word.startsWith("--")) ?? root);
  const file = join(tree, ratchet_path);
  const ratchet = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const { errors, sizes } = measure(tree, ratchet);
  if (update) {
    const shrunk = Object.entries(ratchet).filter(([path]) => path in sizes);
    const next = Object.fromEntries(shrunk.map(([path, allowed]) => [path, Math.min(allowed, sizes[path])]));
    writeFileSync(file, JSON.stringify(next, null, 2) + "\n");
    return;
  }
  for (const error of errors) console.error(error);
  if (errors.length > 0) process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
