// Pages seen before can be read again without a network: what is fetched is kept, newest first from
// the network, from the store only when it does not answer. Nothing that a form sent is kept.
const STORE = "marsad-1", MOST = 60;
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (/\/(api|sdmx)\/|\/(admin|match)(\/|$)/.test(url.pathname)) return;
  event.respondWith(url.pathname.includes("/static/") ? stored(request) : fresh(request));
});
async function stored(request) {
  return (await caches.match(request)) || fresh(request);
}
async function fresh(request) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !/no-store/.test(answer.headers.get("cache-control") || "")) {
      await store.put(request, answer.clone());
      for (const old of (await store.keys()).slice(0, -MOST)) await store.delete(old);
    }
    return answer;
  } catch (error) {
    const held = await store.match(request);
    if (held) return held;
    throw error;
  }
}
