// Stands between one day's list and the network: the page comes from the site as long as the site answers. Where it
// doesn't, an empty frame opens, and its script shows what this browser has kept of the list. Nothing else passes.

const FRAME = self.location.pathname.replace(/\.js$/, "/");
const STORE = "stigen-list";
const PATIENCE = 6000;
const AWAY = [502, 503, 504];
const NAMED_BY_CONTENT = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === new URL(self.registration.scope).pathname) event.respondWith(openPage(request));
  } else if (["script", "style", "font", "image"].includes(request.destination)) {
    event.respondWith(openFile(request, address));
  }
});

async function openPage(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  if (answer && !AWAY.includes(answer.status)) return answer;
  return (await stored(FRAME)) ?? answer ?? Response.error();
}

async function openFile(request, address) {
  const kept = await stored(address.pathname);
  if (kept && NAMED_BY_CONTENT.test(address.pathname)) return kept;
  return fetch(request).catch(() => kept ?? Response.error());
}

function stored(path) {
  return caches.match(path, { cacheName: STORE, ignoreVary: true });
}
