// For work on the terminals without building C++: node web/dev.mjs [server address] [port]
// Serves the files of `node web/build.mjs schemas/openapi.yaml build/web` with the server's own policy and hands
// everything else on to a running bayward-server.
import { createServer, request } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const files = process.env.WEB_DIST ?? fileURLToPath(new URL("../build/web", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

async function file_for(path) {
  if (path.includes("..")) return null;
  const name = path === "/" ? "/index.html" : path;
  if (!/^\/(index\.html|sw\.js|assets\/[\w.-]+)$/.test(name)) return null;
  return readFile(join(files, name)).then((body) => ({ body, type: types[extname(name)] }), () => null);
}

export function dev_server(target) {
  const { hostname, port } = new URL(target);
  return createServer(async (incoming, outgoing) => {
    const found = incoming.method === "GET" ? await file_for(new URL(incoming.url, target).pathname) : null;
    if (found) {
      outgoing.writeHead(200, { "content-type": found.type, "content-encoding": "gzip", "cache-control": "no-cache", "content-security-policy": policy, "x-content-type-options": "nosniff" });
      return outgoing.end(gzipSync(found.body));
    }
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(502).end()));
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [target = "http://127.0.0.1:8080", port = "8090"] = process.argv.slice(2);
  const server = dev_server(target).listen(Number(port), "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${server.address().port} with ${target} behind it`);
  });
}
