// Keeps modules for reading without a network, sends readings that waited, and forgets all when somebody else signs in.
// js/page.js loads it where something is kept, and the page of a module where something can be. js/worker.js answers with
// what is kept. Browsers keep pages only under HTTPS and on their own machine.

const FRESH = 600_000; // ms after which this browser asks whether a kept module has changed
const OFFLINE = "/offline/";
const READINGS = "readings"; // the cache in which js/worker.js leaves readings that are not sent yet

const who = document.querySelector("[data-who]")?.dataset.who ?? "";
export const canKeep = Boolean(globalThis.caches && navigator.serviceWorker && who);

// ---------------------------------------------------------------------------------------------------- keeping

// Keeps the pages of a module with their images and files. Returns whether all of them are kept.
export async function keepModule(slug) {
  const bundle = await (await fetch(`/offline/${slug}/`, { credentials: "same-origin" })).json();
  if (!bundle.pages) return false;
  localStorage.setItem("keeper", who);
  await navigator.serviceWorker.register("/worker.js");
  await keepPages("shell", [OFFLINE]);
  await caches.delete(nameOf(slug));
  const cache = await keepPages(nameOf(slug), bundle.pages);
  await cache.put(`/offline/${slug}/`, Response.json({ ...bundle, who }));
  remember(slug, { revision: bundle.revision, title: bundle.title, url: bundle.pages[0], at: Date.now() });
  return true;
}

async function keepPages(name, urls) {
  const [cache, files] = [await caches.open(name), new Set([import.meta.url])];
  for (const url of urls) {
    const response = await fetch(url, { credentials: "same-origin" });
    if (!response.ok || response.redirected) throw new Error(`${url} ${response.status}`);
    const text = await response.text();
    for (const file of filesOf(new DOMParser().parseFromString(text, "text/html"))) files.add(file);
    await cache.put(url, new Response(text, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
  }
  await Promise.all([...files].map((file) => cache.add(file).catch(() => {}))); // an image may be missing
  return cache;
}

function filesOf(doc) {
  const found = doc.querySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script[src], img[src]");
  const sets = [...doc.querySelectorAll("[srcset]")].flatMap(({ srcset }) => srcset.split(",").map((part) => part.trim().split(" ")[0]));
  return [...[...found].map((element) => element.getAttribute("href") ?? element.getAttribute("src")), ...sets];
}

export async function dropModule(slug) {
  await caches.delete(nameOf(slug));
  remember(slug, undefined);
}

export function isKept(slug) {
  return slug in keptModules();
}

function nameOf(slug) {
  return `module-${slug}`;
}

function keptModules() {
  try { return JSON.parse(localStorage.getItem("kept-modules")) ?? {}; } catch { return {}; }
}

function remember(slug, item) {
  localStorage.setItem("kept-modules", JSON.stringify({ ...keptModules(), [slug]: item }));
}

// -------------------------------------------------------------------------------------------- on every page

// Forgets what is kept for one person when a page is shown to another, or to nobody. Unsent answers and readings stay for
// the person who gave them: they hold nothing of a page.
async function forgetForOthers() {
  for (const name of await globalThis.caches?.keys() ?? []) if (name !== READINGS) await caches.delete(name);
  for (const name of Object.keys(localStorage)) if (/^(acknowledged-|kept-modules$|keeper$)/.test(name)) localStorage.removeItem(name);
  await (await navigator.serviceWorker?.getRegistration())?.unregister();
}

// Keeps a module again whose document has changed since.
async function refresh() {
  for (const [slug, item] of Object.entries(keptModules())) {
    if (Math.abs(Date.now() - item.at) < FRESH) continue;
    const response = await fetch(`/offline/${slug}/`, { credentials: "same-origin" });
    if (response.status === 404 || response.status === 410) await dropModule(slug);
    else if (response.ok && (await response.json()).revision !== item.revision) await keepModule(slug);
    else if (response.ok) remember(slug, { ...item, at: Date.now() });
  }
}

// Sends the readings of this person that waited for a network. The server counts each section once.
async function sendReadings() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token || !(await caches.has(READINGS))) return;
  const cache = await caches.open(READINGS);
  for (const request of await cache.keys()) {
    const item = await (await cache.match(request)).json();
    if (item.who !== who) continue;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, revision: item.revision });
    const response = await fetch(item.url, { method: "POST", body, credentials: "same-origin" });
    if (response.ok || [404, 410].includes(response.status)) await cache.delete(request);
  }
  if (!(await cache.keys()).length) await caches.delete(READINGS);
}

// Says on a kept page that it is one, and lists the kept modules on the page for what is not kept.
async function tellOfCopy() {
  const kept = Object.values(keptModules());
  const list = document.querySelector("[data-kept-list]");
  for (const { title, url } of list ? kept : []) {
    document.querySelector("[data-kept-modules]").hidden = false;
    const link = Object.assign(document.createElement("a"), { href: url, textContent: title });
    list.append(Object.assign(document.createElement("li"), { className: "kept" }));
    list.lastChild.append(link);
  }
  const own = Object.keys(keptModules()).find((slug) => location.pathname.startsWith(`/modules/${slug}/`));
  const bundle = own && (await (await caches.match(`/offline/${own}/`))?.json());
  if (!bundle || (await isThere())) return;
  const note = Object.assign(document.createElement("p"), { className: "note", textContent: bundle.words });
  note.setAttribute("role", "status");
  document.querySelector("#main").prepend(note);
}

async function isThere() {
  if (!navigator.onLine) return false;
  try { return (await fetch("/health/", { cache: "no-store" })).ok; } catch { return false; }
}

export async function lookAfter() {
  const keeper = localStorage.getItem("keeper");
  const isOfflinePage = location.pathname === OFFLINE || document.querySelector("[data-kept-list]");
  if (keeper && keeper !== who && !isOfflinePage) return forgetForOthers();
  if (!canKeep && !isOfflinePage) return null;
  await tellOfCopy();
  await sendReadings();
  return refresh();
}
