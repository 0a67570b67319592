// Answers from what this browser keeps when there is no network: open attempts and modules that a learner has kept.
// It stores nothing of its own accord, and nothing of a page that no learner has kept.
// js/kept-questions.js and js/kept-module.js put pages into caches named `attempt-…` and `module-…`.

const OFFLINE = "/offline/"; // the page for what is not kept; it is kept with the first module or attempt
const PATIENCE = 4_000; // ms after which a kept page is shown in place of one that does not arrive
const SIGN_OUT = "/accounts/logout/";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === SIGN_OUT) event.waitUntil(forgetAll());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (/^\/(static|media)\//.test(pathname)) event.respondWith(file(request));
  else if (/^\/attempts\/\d+\/questions\/$/.test(pathname)) event.respondWith(questions(request));
});

async function takeOver() {
  await registration.navigationPreload?.enable();
  await clients.claim();
}

async function page(event) {
  const { request } = event;
  const answer = Promise.resolve(event.preloadResponse).then((loaded) => loaded ?? fetch(request));
  const kept = await caches.match(request, { ignoreSearch: true });
  if (!kept) return answer.catch(async (error) => (await caches.match(OFFLINE)) ?? Promise.reject(error));
  const patience = new Promise((done) => { setTimeout(done, PATIENCE, kept); });
  return Promise.race([answer.catch(() => kept), patience]);
}

// Files have the hash of their content in their names, so a kept one is the same as that of the server.
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function questions(request) {
  return fetch(request).catch(async (error) => (await caches.match(request)) ?? Promise.reject(error));
}

async function forgetAll() {
  for (const name of await caches.keys()) await caches.delete(name);
}
