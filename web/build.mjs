// Bundles the pages and writes them into one C++ file: node web/build.mjs <openapi.yaml> <output.cc>
// The names of scripts and styles carry no hash: answers have an ETag, and the program is one file anyway.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { docs_page } from "./docs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [openapi, output] = process.argv.slice(2);
if (!openapi || !output) {
  console.error("usage: node web/build.mjs <openapi.yaml> <output.cc>");
  process.exit(2);
}

const bundled = await build({
  entryPoints: [join(here, "live.ts")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  outdir: "assets",
  write: false,
  logLevel: "warning",
});

const text = (name) => readFileSync(join(here, name));
const assets = [
  { path: "/", type: "text/html; charset=utf-8", body: text("live.html") },
  { path: "/docs", type: "text/html; charset=utf-8", body: Buffer.from(docs_page(text("docs.html").toString(), readFileSync(openapi, "utf8"))) },
  { path: "/assets/style.css", type: "text/css; charset=utf-8", body: text("style.css") },
  { path: "/assets/icon.svg", type: "image/svg+xml", body: text("icon.svg") },
  { path: "/openapi.yaml", type: "application/yaml; charset=utf-8", body: readFileSync(openapi) },
  ...bundled.outputFiles.map((file) => ({
    path: `/assets/${file.path.split(/[\\/]/).pop()}`,
    type: "text/javascript; charset=utf-8",
    body: Buffer.from(file.contents),
  })),
];

// Octal escapes of three digits never run into the next character.
const literal = (bytes) => {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 4096) {
    let line = "";
    for (const byte of bytes.subarray(at, at + 4096)) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
      line += plain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
    }
    lines.push(`      "${line}"`);
  }
  return lines.join("\n") || '""';
};

const entries = assets.map(({ path, type, body }) => {
  const etag = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const packed = gzipSync(body, { level: 9 });
  return `    WebAsset{"${path}", "${type}", "\\"${etag}\\"",
      text(${body.length},
${literal(body)}),
      text(${packed.length},
${literal(packed)})}`;
});

const source = `// Made by web/build.mjs. Do not edit.
#include "api/web_assets.h"

#include <array>

namespace bayward::api {
namespace {

std::shared_ptr<const std::string> text(size_t size, const char* bytes) {
  return std::make_shared<const std::string>(bytes, size);
}

}  // namespace

const WebAsset* find_asset(std::string_view path) {
  static const std::array<WebAsset, ${entries.length}> assets = {
${entries.join(",\n")}};
  for (const WebAsset& asset : assets) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

}  // namespace bayward::api
`;
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, source);
