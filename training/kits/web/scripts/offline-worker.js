// Keeps the site's files in the browser, so that it opens without a network. `npm run build` writes `SITE` above this.
/* global SITE, self, caches, clients */

async function needed() {
  const hasWebGPU = await self.navigator.gpu?.requestAdapter().catch(() => null);
  return SITE.files.filter((file) => hasWebGPU || !/webgpu|asyncify/.test(file));
}

self.addEventListener("install", (event) => {
  const kept = Promise.all([caches.open(SITE.name), needed()]).then(([cache, files]) => cache.addAll(files));
  event.waitUntil(kept.then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith("mien-") && name !== SITE.name));
  const removed = old.then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(removed.then(() => clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const kept = caches.open(SITE.name).then((cache) => cache.match(event.request, { ignoreSearch: true }));
  event.respondWith(kept.then((answer) => answer ?? fetch(event.request)));
});
