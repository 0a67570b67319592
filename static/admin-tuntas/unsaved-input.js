// Unsaved input in form[data-keeps] stays in this browser, for the person who typed it: over a closed tab, a crash, an
// expired sign-in, a lost network, and over another form of the page that is sent. The page puts it back, or offers it. The
// cookie `taken` names what the server has. Without this script such a form keeps nothing, and works all the same.
//
// Browsers fill forms again by themselves when one goes back, but not hidden fields: an old text would come with
// the `base_revision` of the newer one, and replace it unasked. So these forms have autocomplete="off", and here both go together.

const QUIET = 400; // ms without typing
const OLDEST = 30 * 24 * 60 * 60 * 1000; // ms
const MOST = 20; // forms, each with its unsaved input
const LARGEST = 3_000_000; // characters in all, of the five million that a browser has room for

const who = document.querySelector("[data-who]")?.dataset.who;
const words = document.querySelector("template[data-unsaved-input]");
const isReturn = performance.getEntriesByType("navigation")[0]?.type !== "navigate"; // one went back, or loaded it again
const tab = nameOfTab();
const pages = who ? [...document.querySelectorAll("form[data-keeps]")].map(attach) : [];
let isLeaving = false;

dropTaken();
tidy();
pages.forEach(open);

document.addEventListener("submit", (event) => {
  isLeaving = Boolean(event.target.closest("main")); // the input of the other forms of the page comes back with it
  for (const page of isLeaving ? pages : []) send(page, event.target);
});
document.addEventListener("input", () => { isLeaving = false; }); // it was stopped, and one types on
document.addEventListener("visibilitychange", () => pages.forEach(hurry));
window.addEventListener("pagehide", () => pages.forEach(hurry));
window.addEventListener("pageshow", () => { isLeaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && pages.some(isChanged)) event.preventDefault();
});

// ------------------------------------------------------------------------------------------------ one form

// `name` is the key of what is kept, new for each page: what another window has in the same form has a key of its own.
// Every key begins with “typed”, also in browsers that kept something before an upgrade.
function attach(form) {
  const { pathname } = new URL(form.getAttribute("action") ?? "", location);
  const place = `typed ${who} ${pathname}#${form.dataset.keeps} `;
  const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "unsaved_input" });
  const page = { form, place, mark, name: place + anyName(), at: 0, timer: 0, first: contentOf(form).hidden };
  form.append(mark);
  form.addEventListener("input", () => {
    clearTimeout(page.timer);
    page.timer = setTimeout(note, QUIET, page);
  });
  return page;
}

// Puts back what this tab had in the form when it was sent, or left by going back; what was typed elsewhere is offered.
function open(page) {
  const here = JSON.stringify(contentOf(page.form).typed);
  const isRefused = "unsaved" in page.form.dataset;
  for (const [name, item] of all(page.place)) {
    if (JSON.stringify(item.typed) !== here) continue;
    if (isRefused) Object.assign(page, { name, before: item.hidden });
    else forget(name);
  }
  const own = all(page.place).find(([, item]) => item.tab === tab && (item.isSent || isReturn));
  if (isChanged(page)) note(page);
  else if (own) return use(page, ...own);
  offer(page);
}

function isChanged({ form }) {
  return "unsaved" in form.dataset || fieldsOf(form).some(isTyped);
}

// Where a page said that something prevents saving, only a person who sends the form again has decided upon it.
function note(page, isSent = false) {
  clearTimeout(page.timer);
  page.timer = 0;
  if (!isChanged(page)) return forget(page.name);
  page.at = Date.now();
  const { typed, hidden } = contentOf(page.form);
  keep(page.name, { at: page.at, tab, isSent, typed, hidden: isSent ? hidden : page.before ?? hidden });
}

function hurry(page) {
  if (page.timer) note(page);
}

function send(page, form) {
  if (isChanged(page)) note(page, true);
  if (page.form === form) page.mark.value = `${encodeURIComponent(page.name)}:${page.at}`;
}

function offer(page) {
  const other = all(page.place).find(([name]) => name !== page.name);
  if (!other) return page.box?.remove();
  const [name, item] = other;
  tell(page, words.dataset.offer, item, () => { forget(name); offer(page); }, () => use(page, name, item));
}

function use(page, name, item) {
  hurry(page); // the input that is there now is offered in its place
  Object.assign(page, { name, at: item.at, before: null });
  fill(page, item);
  tell(page, words.dataset.back, item, () => throwAway(page));
}

function throwAway(page) {
  forget(page.name);
  page.name = page.place + anyName();
  page.form.reset();
  fill(page, { typed: contentOf(page.form).typed, hidden: page.first });
  offer(page);
}

function tell(page, sentence, { at }, whenThrown, whenUsed) {
  const box = words.content.firstElementChild.cloneNode(true);
  const time = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  box.querySelector("[data-words]").textContent = sentence.replace("{time}", time);
  for (const [name, action] of [["throw", whenThrown], ["use", whenUsed]]) {
    const button = box.querySelector(`[data-${name}]`);
    button.hidden = !action;
    button.addEventListener("click", () => {
      action();
      fieldsOf(page.form).find(isOpen).focus(); // the button goes
    });
  }
  page.box?.remove();
  page.form.prepend(page.box = box);
  page.form.closest("details")?.setAttribute("open", "");
}

// ---------------------------------------------------------------------------------------------- its fields

function fieldsOf(form) {
  return [...form.elements].filter(({ name, type }) => name && !["csrfmiddlewaretoken", "unsaved_input"].includes(name) && !["file", "submit"].includes(type));
}

// Pairs of names and values: those that somebody typed or chose, and those that the page gave with them.
function contentOf(form) {
  const values = (fields) => fields.map(({ name, value }) => [name, value]);
  const fields = fieldsOf(form).filter((field) => !isBox(field) || field.checked);
  return { typed: values(fields.filter(isOpen)), hidden: values(fields.filter((field) => !isOpen(field))) };
}

function fill(page, { typed, hidden }) {
  for (const field of fieldsOf(page.form)) {
    const values = [...typed, ...hidden].filter(([name]) => name === field.name).map(([, value]) => value);
    if (isBox(field)) field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
    field.dispatchEvent(new Event("input", { bubbles: true })); // for the preview
  }
  clearTimeout(page.timer);
  page.timer = 0;
}

function isTyped(field) {
  if (!isOpen(field)) return false;
  if (isBox(field)) return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  return field.value !== ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value;
}

function isOpen({ type }) {
  return type !== "hidden";
}

function isBox({ type }) {
  return ["checkbox", "radio"].includes(type);
}

// ------------------------------------------------------------------------------------- what is kept, and where

// Entries [name, { at, tab, isSent, typed, hidden }] whose names begin so, the latest first; none where storage is closed.
function all(beginning) {
  try {
    const entries = Object.entries(localStorage).filter(([name]) => name.startsWith(beginning));
    return entries.map(([name, text]) => [name, { ...JSON.parse(text), size: text.length }]).sort(([, a], [, b]) => b.at - a.at);
  } catch { return []; }
}

// Where there is no room, the oldest makes some. Where there is no storage, all that is left is to ask before one leaves.
function keep(name, item) {
  const text = JSON.stringify(item);
  if (text.length > LARGEST) return;
  try { localStorage.setItem(name, text); } catch {
    const [oldest] = all("typed ").filter(([other]) => other !== name).at(-1) ?? [];
    if (!oldest) return;
    forget(oldest);
    keep(name, item);
  }
}

function forget(name) {
  try { localStorage.removeItem(name); } catch { /* then nothing is kept there */ }
}

function tidy() {
  let room = LARGEST;
  all("typed ").forEach(([name, { at, size }], place) => {
    room -= size;
    if (place >= MOST || room < 0 || Date.now() - at > OLDEST) forget(name);
  });
}

// What was typed on after it was sent, since the page did not come, is newer than what the server has.
function dropTaken() {
  const [, name, at] = document.cookie.match(/(?:^|; )taken="?([^:;"]+):(\d+)/) ?? [];
  if (!name) return;
  document.cookie = "taken=; path=/; max-age=0";
  const sent = decodeURIComponent(name);
  if (all(sent).some(([, item]) => item.at <= Number(at))) forget(sent);
}

function nameOfTab() {
  try { return (sessionStorage.tab ??= anyName()); } catch { return ""; }
}

function anyName() {
  return Math.random().toString(36).slice(2);
}
