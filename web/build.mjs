// Bundles the terminals and the API's page: node web/build.mjs <openapi.yaml> <output.cc | directory>
// A .cc has them as one generated C++ file for the server; a directory gets them as files, for web/dev.mjs.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { write_contract } from "./contract.mjs";
import { docs_page } from "./docs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [openapi, output] = process.argv.slice(2);
if (!openapi || !output) {
  console.error("usage: node web/build.mjs <openapi.yaml> <output.cc | directory>");
  process.exit(2);
}

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};

async function bundle() {
  write_contract(openapi, join(here, "contract/api.ts"));
  const made = mkdtempSync(join(tmpdir(), "bayward-web-"));
  process.env.WEB_DIST = made;
  try {
    await build({ configFile: join(here, "vite.config.mjs") });
    const parts = readdirSync(join(made, "assets")).sort();
    return {
      page: readFileSync(join(made, "index.html")),
      parts: parts.map((name) => ({ path: `/assets/${name}`, type: types[extname(name)], body: readFileSync(join(made, "assets", name)) })),
    };
  } finally {
    rmSync(made, { recursive: true });
  }
}

function worker(assets) {
  const digest = createHash("sha256");
  for (const { body } of assets) digest.update(body);
  const parts = assets.map(({ path }) => path).filter((path) => path !== "/");
  return readFileSync(join(here, "sw.js"), "utf8")
    .replace("@VERSION@", digest.digest("hex").slice(0, 16))
    .replace("@PARTS@", JSON.stringify(parts));
}

const { page, parts } = await bundle();
const kept = ["icon.svg", "icon-maskable.svg", "manifest.webmanifest"].map((name) => ({
  path: `/assets/${name}`,
  type: types[extname(name)],
  body: readFileSync(join(here, name)),
}));
const terminals = [{ path: "/", type: types[".html"], body: page }, ...parts, ...kept];
const assets = [
  ...terminals,
  { path: "/sw.js", type: types[".js"], body: Buffer.from(worker(terminals)) },
  { path: "/docs", type: types[".html"], body: Buffer.from(docs_page(readFileSync(join(here, "docs.html"), "utf8"), readFileSync(openapi, "utf8"))) },
  { path: "/openapi.yaml", type: "application/yaml; charset=utf-8", body: readFileSync(openapi) },
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

const entry = ({ path, type, body }) => {
  const etag = createHash("sha256").update(body).digest("hex").slice(0, 16);
  const packed = gzipSync(body, { level: 9 });
  return `    WebAsset{"${path}", "${type}", "\\"${etag}\\"",
      text(${body.length},
${literal(body)}),
      text(${packed.length},
${literal(packed)})}`;
};

const source = () => `// Made by web/build.mjs. Do not edit.
#include "api/web_assets.h"

#include <array>

namespace bayward::api {
namespace {

std::shared_ptr<const std::string> text(size_t size, const char* bytes) {
  return std::make_shared<const std::string>(bytes, size);
}

}  // namespace

const WebAsset* find_asset(std::string_view path) {
  static const std::array<WebAsset, ${assets.length}> assets = {
${assets.map(entry).join(",\n")}};
  for (const WebAsset& asset : assets) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

}  // namespace bayward::api
`;

if (output.endsWith(".cc")) {
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, source());
} else {
  for (const { path, body } of assets) {
    const file = join(output, path === "/" ? "index.html" : path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  }
}
