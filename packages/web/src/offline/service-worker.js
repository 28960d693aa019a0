// Keeps the page on the device: its own files by their names, which change with their contents, and the
// first digits, so that a training works without a network. `vite.config.ts` fills in the names.

const FILES = /** @type {string[]} */ (self.__FILES__);
const VERSION = self.__VERSION__;
const PAGE_CACHE = `bitgrad-page-${VERSION}`;
/** The page's own cache of data, which `src/data/fetch-file.ts` reads and fills. */
const DATA_CACHE = 'bitgrad-data';

/** @param {string} path */
const addressOf = (path) => new URL(path, self.registration.scope).href;

self.addEventListener('install', (event) => {
  event.waitUntil(install().then(() => self.skipWaiting()));
});

async function install() {
  const cache = await caches.open(PAGE_CACHE);
  await cache.addAll(['./', 'data/manifest.json', ...FILES].map(addressOf));
  const manifest = await (await cache.match(addressOf('data/manifest.json'))).json();
  const first = addressOf(`data/${manifest.parts[0].bits.file}`);
  const data = await caches.open(DATA_CACHE);
  if ((await data.match(first)) === undefined) await data.add(first);
}

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldPages());
});

async function forgetOldPages() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('bitgrad-page-') && name !== PAGE_CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  const path = request.url.slice(self.registration.scope.length).split(/[?#]/, 1)[0];
  if (FILES.includes(path)) event.respondWith(fromCache(request));
  else if (path === '' || path === 'index.html' || path === 'data/manifest.json')
    event.respondWith(fromNetwork(request));
});

/** A file whose name says what is in it. */
async function fromCache(request) {
  return (await caches.match(request, { ignoreSearch: true })) ?? fetch(request);
}

/** What may change: the newest there is, or what was kept. */
async function fromNetwork(request) {
  try {
    const response = await fetch(request);
    if (response.ok) (await caches.open(PAGE_CACHE)).put(request, response.clone());
    return response;
  } catch (error) {
    const path = request.mode === 'navigate' ? './' : 'data/manifest.json';
    const kept = await caches.match(addressOf(path));
    if (kept) return kept;
    throw error;
  }
}
