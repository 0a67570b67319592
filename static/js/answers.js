// Saves answers as they are given. What is not sent yet waits in this browser, also when the page is closed, and goes out
// from whatever page of the attempt is open. Without this script, an answer is saved on going to another question.
// The words come from the page, in the learner's language. modules/quizzes/answers.py describes the messages and replies.

const QUIET_WHILE_TYPING = 600; // ms
const LONGEST_TYPING = 2_000; // ms after which what is typed goes out, quiet or not: time may be up before there is a pause
const LONGEST_WAIT = 30_000; // ms between two tries
const PATIENCE = 10_000; // ms for an acknowledgement
const FRESH = 5_000; // ms for which an answer is surely the last one that was given anywhere

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();

function begin() {
  for (const form of document.querySelectorAll("form[data-answers], form[data-submission], form[data-result]")) attach(form);
}

function attach(form) {
  const { dataset: words } = form.querySelector("[data-said]");
  const page = {
    form, words, unsent: unsentOf(form.dataset.attempt), problem: null, tries: 0, timer: 0, unsentSince: 0, sending: null, leaving: false,
    isOver: false,
  };
  if ("answers" in form.dataset) attachQuestion(page);
  if ("submission" in form.dataset) attachSubmission(page);
  document.querySelector("[data-forget]")?.addEventListener("click", () => forget(page));
  window.addEventListener("online", () => later(page, 0));
  window.addEventListener("pageshow", () => { page.leaving = false; });
  window.addEventListener("pagehide", () => sendOnLeaving(page));
  window.addEventListener("beforeunload", (event) => { if (page.unsent.isForgetful() && !page.leaving) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) later(page, 0); });
  document.addEventListener("time-up", () => { page.isOver = true; later(page, 0); });
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
  tell(page);
  later(page, 0);
}

// ------------------------------------------------------------------------------------------ what is not sent yet

// Answers by slot: { answer, words, flag, sequence, base, tried, at, url, refused }. `base` is the number of the answer that
// this one follows: where the server has a later one, from another window or machine, this one does not replace it unasked.
// `tried` holds the traces of what was sent and never acknowledged, and may be stored all the same. `refused` names the
// words that say why an answer no longer goes out by itself.
function unsentOf(attempt) {
  const name = `unsent-${attempt}`;
  let memory = {}; // what this browser does not take, because its storage is full or closed: kept while the page is open
  const items = () => Object.entries({ ...stored(name), ...memory }).filter(([, item]) => item)
    .map(([slot, item]) => [slot, { tried: [], ...item }]); // an earlier version of this script kept none
  const put = (slot, item) => {
    const text = JSON.stringify({ ...Object.fromEntries(items()), [slot]: item });
    try {
      if (text === "{}") localStorage.removeItem(name);
      else localStorage.setItem(name, text);
      memory = {};
    } catch { memory[slot] = item; }
  };
  return {
    put,
    get: (slot) => Object.fromEntries(items())[slot],
    drop: (slot) => put(slot, undefined),
    waiting: () => items().filter(([, item]) => !item.refused),
    refused: () => items().filter(([, item]) => item.refused),
    late: () => items().filter(([, item]) => item.refused === "wasLate"),
    isForgetful: () => Object.values(memory).some(Boolean),
  };
}

function stored(name) {
  try { return JSON.parse(localStorage.getItem(name)) ?? {}; } catch { return {}; }
}

function later(page, wait) {
  clearTimeout(page.timer);
  page.timer = setTimeout(() => flush(page), wait);
}

// Sends everything that waits, one after the other; says whether nothing waits any more.
function flush(page) {
  page.sending ??= sendAll(page).finally(() => { page.sending = null; });
  return page.sending;
}

async function sendAll(page) {
  clearTimeout(page.timer);
  page.unsentSince = 0;
  const passedOver = []; // what makes the server stumble does not hold up what is behind it
  const next = () => page.unsent.waiting().find(([slot]) => !passedOver.includes(slot));
  let [problem, end] = [null, ""];
  for (let one = next(); one; one = next()) {
    const [slot, item] = one;
    const reply = await send(page, item);
    if (page.leaving) return false;
    if (reply.problem) markTried(page, slot, item);
    if (reply.problem === "server") passedOver.push(slot);
    problem = reply.problem ? reply : problem;
    if (reply.problem && reply.problem !== "server") break;
    if (!reply.problem) end = settle(page, slot, item, reply) ?? end;
  }
  if (end && end !== location.pathname) return goOn(page, end);
  if (!problem && page.isOver) problem = await look(page);
  if (problem) return tryAgain(page, problem);
  if (page.isOver) return goOn(page, location.pathname);
  page.problem = null;
  page.tries = 0;
  tell(page);
  return true;
}

// The server's reply, or { problem } with what is in the way.
async function send(page, item, isSecondTry = false) {
  let response;
  try {
    response = await fetch(item.url, { ...asked(page, item), signal: AbortSignal.timeout?.(PATIENCE) });
    const isOurs = response.ok && response.headers.get("Content-Type")?.startsWith("application/json");
    const reply = isOurs ? await response.json() : null;
    if (reply) return reply.signed_out ? { problem: "signedOut", url: reply.url } : reply;
  } catch { return { problem: "network" }; }
  const { status } = response;
  if ([403, 404].includes(status) && !isSecondTry) return (await look(page)) ?? send(page, item, true);
  if (status >= 500 || status === 429) return { problem: "server" };
  return status >= 400 ? { invalid: true } : { problem: "network" }; // a page that somebody else put before ours
}

function asked(page, item) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", page.form.elements.csrfmiddlewaretoken.value);
  for (const answer of item.answer) body.append("answer", answer);
  if (item.flag) body.set("flag", "on");
  body.set("sequence", item.sequence);
  body.set("base", item.base);
  return { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" };
}

// Looks at this page anew: what is in the way, if anything. Whoever signs in again in another window gets another token,
// which this page takes over.
async function look(page) {
  let [response, there] = [];
  try {
    response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout?.(PATIENCE) });
    there = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch { return { problem: "network" }; }
  const token = there.querySelector("form[data-attempt] [name=csrfmiddlewaretoken]")?.value;
  const [who, me] = [there, document].map((one) => one.querySelector("[data-who]")?.dataset.who);
  if (token) {
    page.form.elements.csrfmiddlewaretoken.value = token;
    return null;
  }
  if (there.querySelector("[name=login]")) return { problem: "signedOut", url: response.url };
  if (who && who !== me) return { problem: "somebodyElse", who, url: `${page.words.signOut}?next=${location.pathname}` };
  if (response.status === 404) return { problem: "gone" };
  return { problem: response.status >= 500 ? "server" : "network" };
}

// The next page of the attempt sends it once more, and the server knows it again.
function sendOnLeaving(page) {
  const { slot } = page.form.dataset;
  const item = page.unsent.get(slot);
  if (!item || item.refused) return;
  markTried(page, slot, item);
  fetch(item.url, { ...asked(page, item), keepalive: true }).catch(() => {});
}

function markTried(page, slot, item) {
  const now = page.unsent.get(slot);
  if (now) page.unsent.put(slot, { ...now, tried: [...now.tried, trace(item)].slice(-20) });
}

function trace({ sequence, answer }) {
  return JSON.stringify([sequence, answer.map((text) => text.trim()).filter(Boolean)]);
}

// Does what the reply to an answer asks for; the address where the attempt goes on, if it takes no more answers.
function settle(page, slot, sent, reply) {
  const now = page.unsent.get(slot);
  const isHere = slot === page.form.dataset.slot;
  if (reply.closed || reply.invalid) {
    if (now) page.unsent.put(slot, { ...now, refused: reply.closed ? "wasLate" : "wasInvalid" });
    return reply.url;
  }
  document.dispatchEvent(new CustomEvent("time-left", { detail: reply.seconds_left }));
  if (isHere) page.known = reply.sequence;
  if (isHere && reply.accepted) page.savedAt = reply.saved_at;
  mark(page, slot, reply.is_answered, reply.accepted ? sent.flag : reply.is_flagged);
  if (!now) return null;
  if (!reply.accepted && !isLast(now, reply)) {
    page.unsent.put(slot, { ...now, refused: "wasLater" });
    if (isHere) fill(page.form, { answer: reply.answer, flag: reply.is_flagged });
  } else if (reply.accepted && now.sequence === sent.sequence) {
    page.unsent.drop(slot);
    rememberArrival(page);
  } else page.unsent.put(slot, { ...now, base: reply.sequence, sequence: Math.max(now.sequence, reply.sequence + 1), tried: [] });
  return null;
}

// Whether an answer surely came after the one that the server has: somebody has just given it, or what is stored is an
// earlier state of the same. One that waited may be the older one.
function isLast(item, reply) {
  const isFresh = Math.abs(Date.now() - item.at) < FRESH && !item.tried.length;
  return isFresh || item.tried.includes(trace(reply));
}

function tryAgain(page, problem) {
  page.problem = problem;
  page.tries += 1;
  tell(page);
  later(page, Math.min(LONGEST_WAIT, 1000 * 2 ** page.tries));
  return false;
}

function goOn(page, url) {
  page.leaving = true;
  show(page.form, "unsent", page.words.closed);
  location.assign(url);
  return false;
}

// ------------------------------------------------------------------------------------------------ what is said

function tell(page) {
  const { form, words, problem } = page;
  const link = form.querySelector("[data-sign-in]");
  link.hidden = !problem?.url;
  link.href = problem?.url ?? "";
  form.querySelector("[data-way-out]").hidden = problem?.problem !== "gone";
  if (problem) show(form, "unsent", inTheWay(page));
  else if (page.unsent.waiting().length) show(form, "saving", words.saving);
  else if (page.savedAt) show(form, "saved", words.saved.replace("{time}", page.savedAt));
  else if (form.querySelector("[data-status]").dataset.state !== "saved") show(form, "", "");
  tellOfRefused(page);
  tellOfLate(page);
}

function inTheWay({ words, problem, isOver, unsent }) {
  const number = unsent.waiting().length;
  const waits = (number === 1 ? words.unsentOne : words.unsentMany).replace("{n}", number);
  const offline = number ? waits : words.offline;
  const said = problem.problem === "network" ? (isOver ? words.overOffline : offline) : words[problem.problem];
  return [said.replace("{who}", problem.who), unsent.isForgetful() ? words.forgetful : ""].join(" ").trim();
}

function show(form, name, words) {
  const status = form.querySelector("[data-status]");
  status.dataset.state = name;
  status.querySelector("[data-words]").textContent = words;
}

function mark({ words }, slot, isAnswered, isFlagged) {
  const dot = document.querySelector(`[data-dots] [data-number="${slot}"]`);
  dot?.classList.toggle("answered", isAnswered);
  dot?.classList.toggle("flagged", isFlagged);
  const said = [isAnswered && words.answered, isFlagged && words.flagged].filter(Boolean);
  if (dot) dot.querySelector("[data-state]").textContent = said.map((word) => `, ${word}`).join("");
}

// The server has another answer than the one that waited here: whoever gave both says which one counts.
function tellOfRefused(page) {
  const box = page.form.querySelector("[data-refused]");
  const item = page.unsent.get(page.form.dataset.slot);
  if (box) box.hidden = !item?.refused;
  if (box) page.form.elements.flag.disabled = !box.hidden; // to flag the question would be to decide
  if (!box || box.hidden) return;
  box.querySelector("[data-why]").textContent = page.words[item.refused];
  box.querySelector("[data-given]").textContent = item.words || "–";
}

// What did not arrive before the attempt was closed stays here, and is named, so that an instructor can be told.
function tellOfLate({ words, unsent }) {
  const box = document.querySelector("[data-late]");
  if (!box) return;
  const which = unsent.late().map(([slot, item]) => `${slot} (${item.words || "–"})`).join(", ");
  box.hidden = !which;
  box.querySelector("[data-which]").textContent = words.tooLate.replace("{which}", () => which);
}

function forget(page) {
  for (const [slot] of page.unsent.late()) page.unsent.drop(slot);
  tell(page);
}

// ------------------------------------------------------------------------------------------- a page of one question

function attachQuestion(page) {
  const { form } = page;
  page.known = Number(form.elements.base.value) || 0;
  restore(page);
  form.addEventListener("input", (event) => {
    if (!["answer", "flag"].includes(event.target.name)) return;
    page.leaving = false; // whoever goes on answering has stopped the page from loading another
    note(page);
    later(page, event.target.type === "text" ? quiet(page) : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "clear") clear(page);
    else leave(page, event.submitter?.dataset.url ?? form.dataset.next);
  });
  document.addEventListener("click", (event) => {
    const dot = event.target.closest?.(`button[form="${form.id}"][data-url]`);
    if (!dot) return;
    event.preventDefault();
    leave(page, dot.dataset.url);
  });
  document.addEventListener("keydown", (event) => choose(form, event));
  form.querySelector("[data-take]").addEventListener("click", () => take(page, page.unsent.get(form.dataset.slot)));
  form.querySelector("[data-discard]").addEventListener("click", () => {
    page.unsent.drop(form.dataset.slot);
    tell(page);
  });
}

function quiet(page) {
  page.unsentSince ||= Date.now();
  return Math.min(QUIET_WHILE_TYPING, Math.max(0, page.unsentSince + LONGEST_TYPING - Date.now()));
}

function note(page) {
  const { form } = page;
  const before = page.unsent.get(form.dataset.slot);
  const follows = before && !before.refused ? before : { base: page.known, tried: [] };
  const answer = new FormData(form).getAll("answer");
  page.unsent.put(form.dataset.slot, {
    answer, words: inWords(form, answer), flag: form.elements.flag.checked,
    sequence: Math.max(page.known, before?.sequence ?? 0) + 1, base: follows.base, tried: follows.tried,
    at: Date.now(), url: form.action,
  });
  page.savedAt = "";
  tellOfRefused(page);
  show(form, "saving", page.words.saving);
}

function inWords(form, answer) {
  const labels = [...form.querySelectorAll("[data-options] input")].filter((input) => answer.includes(input.value));
  return labels.length ? labels.map((input) => input.closest("label").textContent.trim()).join("; ") : answer.join("");
}

// An answer that waited in this browser stands in the page again, in place of the older one that the server has; what was
// given while this script was still on its way came after both.
function restore(page) {
  const item = page.unsent.get(page.form.dataset.slot);
  if (isChanged(page.form) || "unsaved" in page.form.dataset) note(page);
  else if (item && !item.refused) fill(page.form, item);
}

function isChanged(form) {
  return [...form.querySelectorAll("[name=answer], [name=flag]")]
    .some((input) => (input.type === "text" ? input.value !== input.defaultValue : input.checked !== input.defaultChecked));
}

function fill(form, item) {
  for (const input of form.querySelectorAll("[name=answer]")) {
    if (input.type === "text") input.value = item.answer[0] ?? "";
    else input.checked = item.answer.includes(input.value);
  }
  form.elements.flag.checked = item.flag;
}

// Gives an answer in place of the learner.
function take(page, item) {
  fill(page.form, item);
  note(page);
  later(page, 0);
}

function clear(page) {
  take(page, { answer: [], flag: page.form.elements.flag.checked });
  page.form.querySelector("[data-options] input").focus(); // the button goes, now that there is nothing to clear
}

async function leave(page, url) {
  page.leaving = false;
  if (!(await flush(page))) return page.leaving || sayWhyNot(page);
  if (!navigator.onLine) return show(page.form, "unsent", page.words.offline);
  page.leaving = true;
  location.assign(url);
}

// Whoever wanted to go on is told why they stay.
function sayWhyNot(page) {
  const isOffline = page.problem?.problem === "network" && !page.isOver;
  if (isOffline) show(page.form, "unsent", `${inTheWay(page)} ${page.words.cannotLeave}`);
}

// The digits 1 to 9 choose an answer, and the arrows go from one box to the next (radio buttons do so by themselves).
function choose(form, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input[type=text], textarea, select, [contenteditable]")) return;
  const inputs = [...form.querySelectorAll("[data-options] input")];
  const here = inputs.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && here >= 0 && event.target.type === "checkbox") {
    event.preventDefault();
    inputs[(here + step + inputs.length) % inputs.length].focus();
  }
  const input = /^[1-9]$/.test(event.key) && inputs[Number(event.key) - 1];
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.click();
}

// ------------------------------------------------------------------------------------ the page before submitting

// An answer may arrive while the server already makes the next page, which then does not count it. The next page sees that
// by the time, and is loaded once more. The time is forgotten when it is read: a clock that is set back reloads only once.
function rememberArrival(page) {
  try { sessionStorage.setItem(arrivalOf(page), Date.now()); } catch { /* this browser keeps nothing */ }
}

function isOlderThanArrival(page) {
  try {
    const arrival = Number(sessionStorage.getItem(arrivalOf(page)));
    sessionStorage.removeItem(arrivalOf(page));
    return arrival > performance.timeOrigin;
  } catch { return false; }
}

function arrivalOf(page) {
  return `arrived-${page.form.dataset.attempt}`;
}

function attachSubmission(page) {
  if (isOlderThanArrival(page)) location.reload();
  const { form } = page;
  const hint = form.querySelector("[data-undecided]");
  for (const [slot] of hint ? page.unsent.refused() : []) {
    hint.hidden = false;
    hint.querySelector("[data-slots]").textContent += ` ${slot}`;
  }
  const hasWaiting = page.unsent.waiting().length > 0;
  if (hasWaiting) flush(page).then((isDone) => { if (isDone && !page.isSubmitting) location.reload(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    page.isSubmitting = true;
    if (await flush(page)) await submit(page);
    page.isSubmitting = false;
  });
}

async function submit(page) {
  const problem = await look(page); // which also brings the token of whoever signed in again elsewhere
  if (problem) return tryAgain(page, problem);
  page.leaving = true;
  return page.form.submit();
}
