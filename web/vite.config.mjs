// Names carry no hash: the server answers with an ETag, and the service worker knows the version of all of them.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root: here,
  base: "/",
  publicDir: false,
  esbuild: { jsx: "automatic", jsxImportSource: "preact", charset: "utf8", legalComments: "none" },
  build: {
    outDir: process.env.WEB_DIST ?? join(here, "../build/web"),
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: (asset) => (asset.names[0]?.endsWith(".css") ? "assets/style.css" : "assets/[name][extname]"),
        manualChunks: (id) => (id.includes("node_modules") || id.includes("/data/") || id.includes("/components/") || id.endsWith("web/words.ts") ? "shared" : undefined),
      },
    },
  },
  logLevel: "warn",
});
