// The service worker: keeps the pages, so that they open without a network; never answers of the API, whose age the
// pages themselves show. The list and version are put in by web/build.mjs.
const version = "bayward-@VERSION@";
const parts = ["/", ...JSON.parse('@PARTS@')];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(parts)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("bayward-") && name !== version);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

// The network first: a newer server has newer pages. Its silence is not waited for longer than this.
const patience_ms = 3000;

async function page(request) {
  const kept = await caches.match(request, { cacheName: version, ignoreSearch: true });
  const fresh = fetch(request).then((answer) => (answer.ok || !kept ? answer : kept));
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, patience_ms, kept));
  return Promise.race([fresh.catch(() => kept), late]);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !parts.includes(url.pathname)) return;
  event.respondWith(page(event.request));
});
