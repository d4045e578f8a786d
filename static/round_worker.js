// Keeps the empty pages of the book on the phone. It never keeps anything that says who is whose:
// only what stands in SHELL, which is the same for everybody.
"use strict";

const CACHE = `notes-${self.SHELL_MARK}`;
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE)
      .then((cache) => Promise.all(self.SHELL.map(async (address) => {
        const answer = await fetch(address, { credentials: "same-origin", cache: "no-cache" });
        if (!answer.ok) throw new Error(`shell ${answer.status}`);
        await cache.put(address, answer);
      })))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(
        names.filter((name) => name.startsWith("notes-") && name !== CACHE).map((name) => caches.delete(name)),
      ))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.method !== "GET" || asked.origin !== self.location.origin) return;
  const address = asked.pathname + asked.search;
  if (asked.pathname === self.BOOK) {
    event.respondWith(freshOrKept());
  } else if (self.SHELL.includes(address)) {
    event.respondWith(keptOrFresh(address));
  }
});

async function freshOrKept() {
  const cache = await caches.open(CACHE);
  const stop = new AbortController();
  const clock = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(self.BOOK, { credentials: "same-origin", signal: stop.signal });
    if (answer.ok && !answer.redirected) return answer;
  } catch (error) {
    if (!(error instanceof TypeError) && error.name !== "AbortError") throw error;
  } finally {
    clearTimeout(clock);
  }
  return (await cache.match(self.BOOK)) || Response.error();
}

async function keptOrFresh(address) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) || fetch(address);
}
