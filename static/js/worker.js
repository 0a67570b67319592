// Answers from what this browser keeps when there is no network: open attempts and modules that a learner has kept.
// js/kept-questions.js puts pages into caches named `attempt-…`, and js/kept.js into `module-…` and `shell`. The worker
// itself stores readings only, which js/kept.js sends later.

const OFFLINE = "/offline/"; // the page for what is not kept
const PATIENCE = 4_000; // ms after which a kept page is shown in place of one that does not arrive
const SIGN_OUT = "/accounts/logout/";
const READINGS = "readings";
const READING = /^\/modules\/([-\w]+)\/[-\w]+\/reading\/$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST") {
    if (pathname === SIGN_OUT) event.waitUntil(forgetAll());
    if (request.mode === "navigate" && READING.test(pathname)) event.respondWith(reading(request, pathname));
  } else if (request.method === "GET") {
    if (request.mode === "navigate") event.respondWith(page(event));
    else if (/^\/(static|media)\//.test(pathname)) event.respondWith(file(request));
    else if (/^\/(attempts\/\d+\/questions|offline\/[-\w]+)\/$/.test(pathname)) event.respondWith(data(request));
  }
});

// A browser may ask the server for a page while it starts this worker. Firefox shows its own error page if that fails,
// whatever the worker answers, so its learners would see nothing of what is kept.
async function takeOver() {
  const isFirefox = navigator.userAgent.includes("Firefox/");
  await registration.navigationPreload?.[isFirefox ? "disable" : "enable"]();
  await clients.claim();
}

async function page(event) {
  const { request } = event;
  const answer = Promise.resolve(event.preloadResponse).then((loaded) => loaded ?? fetch(request));
  const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
  if (!kept) return answer.catch(async (error) => (await caches.match(OFFLINE)) ?? Promise.reject(error));
  const patience = new Promise((done) => { setTimeout(done, PATIENCE, kept); });
  return Promise.race([answer.catch(() => kept), patience]);
}

// Files have the hash of their content in their names, so a kept one is the same as that of the server.
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function data(request) {
  return fetch(request).catch(async (error) => (await caches.match(request)) ?? Promise.reject(error));
}

// Keeps the reading of a section until there is a network, and leads to the next page as the server does.
async function reading(request, pathname) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(`/offline/${pathname.match(READING)[1]}/`);
    if (!kept) throw error;
    const [{ who, pages }, form] = [await kept.json(), await copy.formData()];
    const item = { url: pathname, revision: form.get("revision") ?? "", who };
    await (await caches.open(READINGS)).put(`${pathname}?${encodeURIComponent(who)}`, Response.json(item));
    const next = pages[pages.indexOf(pathname.replace(/reading\/$/, "")) + 1] ?? pages[0];
    return Response.redirect(next, 303);
  }
}

// Readings stay: they hold nothing of a page, and their reader has not sent them yet.
async function forgetAll() {
  for (const name of await caches.keys()) if (name !== READINGS) await caches.delete(name);
}
