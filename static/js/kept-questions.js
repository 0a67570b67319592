// Keeps all questions of an open attempt, so that a learner goes on without a network. They hold no keys.
// The page has them in memory. Under HTTPS and on this very machine the browser keeps them too, and js/worker.js answers
// with them when a page of the attempt is opened without a network. js/answers.js asks for a question and shows it.

const CALM = 1_500; // ms after the page is shown in which nothing else is fetched
const FRESH_COPY = 600_000; // ms in which kept questions are not fetched again

const keptQuestions = {
  byPath: new Map(),

  has(url) { return this.byPath.has(path(url)); },

  // Puts a question into a page: this one, or a copy that is about to be kept. Returns its form.
  show(url, doc = document) {
    const question = this.byPath.get(path(url));
    doc.querySelector("[data-place]").textContent = question.place;
    doc.querySelector("#answer-form").outerHTML = question.form;
    doc.querySelector("[name=flag]").checked = question.is_flagged;
    doc.querySelector("[name=flag]").toggleAttribute("checked", question.is_flagged);
    doc.title = question.title;
    for (const dot of doc.querySelectorAll("[data-dots] [data-number]")) {
      if (dot.dataset.number === String(question.number)) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    }
    return doc.querySelector("#answer-form");
  },
};

function path(url) {
  return new URL(url, location.href).pathname;
}

function keepQuestions() {
  const form = document.querySelector("form[data-answers]");
  if (form) setTimeout(() => fetchQuestions(form.dataset.attempt).catch(() => {}), CALM); // without a network, later pages try
}

async function fetchQuestions(attempt) {
  const [address, name] = [`/attempts/${attempt}/questions/`, `attempt-${attempt}`];
  const kept = await globalThis.caches?.match(address);
  const age = Date.now() - Number(kept?.headers.get("X-Kept") ?? 0);
  const isFresh = kept && age >= 0 && age < FRESH_COPY;
  const text = isFresh || !navigator.onLine ? await kept?.text() : await (await fetch(address, { credentials: "same-origin" })).text();
  const bundle = JSON.parse(text ?? "{}");
  if (!bundle.questions) return;
  keptQuestions.byPath = new Map(bundle.questions.map((question) => [question.url, question]));
  document.dispatchEvent(new CustomEvent("questions-kept"));
  if (!isFresh && globalThis.caches && navigator.serviceWorker) await keepPages(bundle, await caches.open(name), address, text);
}

// Keeps a page for each question, and the files that these pages need.
async function keepPages(bundle, cache, address, text) {
  rememberKeeper();
  await navigator.serviceWorker.register("/worker.js");
  const shell = new DOMParser().parseFromString(bundle.page, "text/html");
  shell.querySelector("[data-clock]")?.setAttribute("data-kept", Date.now());
  const files = new Set();
  for (const url of keptQuestions.byPath.keys()) {
    keptQuestions.show(url, shell);
    for (const file of filesOf(shell)) files.add(file);
    await cache.put(url, kept(`<!doctype html>${shell.documentElement.outerHTML}`, "text/html; charset=utf-8"));
  }
  await cache.put(address, kept(text, "application/json"));
  await Promise.all([...files].map((file) => cache.add(file).catch(() => {})));
}

function kept(text, type) {
  return new Response(text, { headers: { "Content-Type": type, "X-Kept": String(Date.now()) } });
}

function filesOf(doc) {
  const found = doc.querySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script[src], img[src]");
  return [...found].map((element) => element.getAttribute("href") ?? element.getAttribute("src"));
}

// Notes whose questions this browser keeps. js/page.js forgets them as soon as a page is shown to anybody else.
function rememberKeeper() {
  try { localStorage.setItem("keeper", document.querySelector("[data-who]").dataset.who); } catch { /* stores nothing */ }
}

keepQuestions();
