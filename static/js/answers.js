// Saves each answer when the learner gives it. An unsent answer waits in this browser, also when the page is closed. Every
// page of the attempt sends it. Without a network, js/kept-questions.js has the other questions.
// Without this script, a button that leads to another question saves the answer. js/unsent.js comes before it.
// The words come from the page, in the learner's language. modules/quizzes/answers.py describes the messages.

const QUIET_WHILE_TYPING = 600; // ms
const LONGEST_TYPING = 2_000; // ms after which typed text is sent without a pause: time may be up before one
const LONGEST_WAIT = 30_000; // ms between two attempts to send
const PATIENCE = 10_000; // ms for an acknowledgement
const LONGEST_LEAVING = 3_000; // ms after which a kept question is shown while an answer is still on its way
const JUST_NOW = 5_000; // ms after a reply in which the server is taken to be there
const FRESH = 5_000; // ms in which an answer is surely newer than all others, from any window or device

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();

function begin() {
  for (const form of document.querySelectorAll("form[data-answers], form[data-submission], form[data-result]")) attach(form);
}

function attach(form, problem = null) {
  const { dataset: words } = document.querySelector("[data-said]");
  const { attempt } = form.dataset;
  const page = {
    form, words, unsent: unsentOf(attempt), acknowledged: acknowledgedOf(attempt), problem, tries: 0, timer: 0, unsentSince: 0,
    sending: null, leaving: false, isOver: false, isClosing: false, heardAt: -Infinity, gone: new AbortController(),
  };
  if ("answers" in form.dataset) attachQuestion(page);
  if ("submission" in form.dataset) attachSubmission(page);
  if ("result" in form.dataset) attachResult(page);
  const on = (target, name, act) => target.addEventListener(name, act, { signal: page.gone.signal });
  on(window, "online", () => later(page, 0));
  on(window, "pageshow", () => { page.leaving = false; });
  on(window, "pagehide", () => sendOnLeaving(page));
  on(window, "beforeunload", (event) => { if (page.unsent.isForgetful() && !page.leaving) event.preventDefault(); });
  on(document, "visibilitychange", () => { if (!document.hidden) later(page, 0); });
  on(document, "time-zero", ({ detail }) => setClosing(page, detail));
  on(document, "time-up", () => { page.isOver = true; later(page, 0); });
  const forgetting = document.querySelector("[data-forget]");
  if (forgetting) on(forgetting, "click", () => forget(page));
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  tell(page);
  later(page, 0);
}

// ------------------------------------------------------------------------------------------------------- sending

function later(page, wait) {
  clearTimeout(page.timer);
  page.timer = setTimeout(() => flush(page), wait);
}

// Sends all waiting answers, one after the other. Returns whether none waits any more.
function flush(page) {
  page.sending ??= sendAll(page).finally(() => { page.sending = null; });
  return page.sending;
}

async function sendAll(page) {
  clearTimeout(page.timer);
  page.unsentSince = 0;
  const passedOver = []; // slots that fail on the server: they do not block others
  const next = () => page.unsent.waiting().find(([slot]) => !passedOver.includes(slot));
  let [problem, end] = [null, ""];
  for (let entry = next(); entry; entry = next()) {
    const [slot, item] = entry;
    const reply = await send(page, item);
    if (page.leaving) return false;
    if (reply.problem) markTried(page, slot, item);
    if (reply.problem === "server") passedOver.push(slot);
    problem = reply.problem ? reply : problem;
    if (reply.problem && reply.problem !== "server") break;
    if (!reply.problem) end = handleReply(page, slot, item, reply) ?? end;
  }
  if (end && end !== location.pathname) return leaveClosed(page, end);
  if (!problem && page.isOver) problem = await findProblem(page);
  if (problem) return tryAgain(page, problem);
  if (page.isOver) return leaveClosed(page, location.pathname);
  page.problem = null;
  page.tries = 0;
  tell(page);
  return true;
}

// Sends an answer. Returns the server's reply, or { problem } with the reason why there is none.
async function send(page, item, isSecondTry = false) {
  let response;
  try {
    response = await fetch(item.url, { ...requestFor(page, item), signal: AbortSignal.timeout?.(PATIENCE) });
    const isOurs = response.ok && response.headers.get("Content-Type")?.startsWith("application/json");
    const reply = isOurs ? await response.json() : null;
    if (reply) page.heardAt = performance.now();
    if (reply) return reply.signed_out ? { problem: "signedOut", url: reply.url } : reply;
  } catch { return { problem: "network" }; }
  const { status } = response;
  if ([403, 404].includes(status) && !isSecondTry) return (await findProblem(page)) ?? send(page, item, true);
  if (status >= 500 || status === 429) return { problem: "server" };
  return status >= 400 ? { invalid: true } : { problem: "network" }; // the second is a page of another server
}

function requestFor(page, item) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", page.form.elements.csrfmiddlewaretoken.value);
  for (const answer of item.answer) body.append("answer", answer);
  if (item.flag) body.set("flag", "on");
  body.set("sequence", item.sequence);
  body.set("base", item.base);
  return { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin" };
}

// Loads this page again to find out why an answer was not accepted. Returns the problem, or null. A learner who signs in
// again in another window gets another token, and this page takes that token over.
async function findProblem(page) {
  let [response, fresh] = [];
  try {
    response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout?.(PATIENCE) });
    fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch { return { problem: "network" }; }
  const token = fresh.querySelector("form[data-attempt] [name=csrfmiddlewaretoken]")?.value;
  const [signedIn, own] = [fresh, document].map((doc) => doc.querySelector("[data-who]")?.dataset.who);
  if (token) {
    page.form.elements.csrfmiddlewaretoken.value = token;
    return null;
  }
  if (fresh.querySelector("[name=login]")) return { problem: "signedOut", url: response.url };
  if (signedIn && signedIn !== own) return { problem: "somebodyElse", who: signedIn, url: `${page.words.signOut}?next=${location.pathname}` };
  if (response.status === 404) return { problem: "gone" };
  return { problem: response.status >= 500 ? "server" : "network" };
}

// Sends the answer while the page closes. The next page of the attempt sends it once more, and the server recognises it.
function sendOnLeaving(page) {
  const { slot } = page.form.dataset;
  const item = page.unsent.get(slot);
  if (!item || item.refused) return;
  markTried(page, slot, item);
  fetch(item.url, { ...requestFor(page, item), keepalive: true }).catch(() => {});
}

function markTried(page, slot, item) {
  const waiting = page.unsent.get(slot);
  if (waiting) page.unsent.put(slot, { ...waiting, tried: [...waiting.tried, trace(item)].slice(-20) });
}

function trace({ sequence, answer }) {
  return JSON.stringify([sequence, answer.map((text) => text.trim()).filter(Boolean)]);
}

// Updates page and storage by the reply to an answer. Returns the address to go to if the attempt takes no more answers.
function handleReply(page, slot, sent, reply) {
  const waiting = page.unsent.get(slot);
  const isHere = slot === page.form.dataset.slot;
  if (reply.kept) page.unsent.drop(slot);
  else if (reply.closed || reply.invalid) {
    if (waiting) page.unsent.put(slot, { ...waiting, refused: reply.closed ? "wasLate" : "wasInvalid" });
  }
  if (reply.closed || reply.invalid) return reply.url;
  document.dispatchEvent(new CustomEvent("time-left", { detail: reply.seconds_left }));
  if (isHere) page.base = reply.sequence;
  if (isHere && reply.accepted) page.savedAt = reply.saved_at;
  const [answer, flag] = reply.accepted ? [sent.answer, sent.flag] : [reply.answer, reply.is_flagged];
  page.acknowledged.put(slot, { answer, flag, sequence: reply.sequence, savedAt: reply.saved_at });
  if (isHere) tellOfLack(page, reply);
  markDot(page, slot, reply.is_answered, reply.accepted ? sent.flag : reply.is_flagged);
  if (!waiting) return null;
  if (!reply.accepted && !isLast(waiting, reply)) {
    page.unsent.put(slot, { ...waiting, refused: "wasLater" });
    if (isHere) fill(page.form, { answer: reply.answer, flag: reply.is_flagged });
  } else if (reply.accepted && waiting.sequence === sent.sequence) {
    page.unsent.drop(slot);
    rememberArrival(page);
  } else {
    const sequence = Math.max(waiting.sequence, reply.sequence + 1);
    page.unsent.put(slot, { ...waiting, base: reply.sequence, sequence, tried: [] });
  }
  return null;
}

// Tells whether an answer is surely newer than the answer that the server has: the learner has just given it, or the
// server has an earlier state of it. An answer that waited may be older.
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

function leaveClosed(page, url) {
  page.leaving = true;
  show("unsent", page.words.closed);
  forgetAttempt(page.form.dataset.attempt);
  location.assign(url);
  return false;
}

// ------------------------------------------------------------------------------------------------------- messages

function tell(page) {
  const { words, problem } = page;
  const status = document.querySelector("[data-status]");
  const link = status.querySelector("[data-sign-in]");
  link.hidden = !problem?.url;
  link.href = problem?.url ?? "";
  status.querySelector("[data-way-out]").hidden = problem?.problem !== "gone";
  if (problem) show(problem.problem === "network" ? "waiting" : "unsent", problemInWords(page), shortly(page));
  else if (page.isClosing) show("saving", words.timeUp, words.saving);
  else if (page.unsent.waiting().length) show("saving", words.saving);
  else if (page.savedAt) show("saved", words.saved.replace("{time}", page.savedAt));
  else if (status.dataset.state !== "saved") show("", "");
  tellOfRefused(page);
  tellOfLate(page);
}

function shortly({ words, problem }) {
  return problem.problem === "network" ? words.waiting : words.notSent;
}

function problemInWords({ words, problem, isOver, isClosing, unsent, form }) {
  const number = unsent.waiting().length;
  const waits = (number === 1 ? words.unsentOne : words.unsentMany).replace("{n}", number);
  const offline = number ? waits : words.offline;
  const sentence = problem.problem === "network" ? (isOver || isClosing ? words.overOffline : offline) : words[problem.problem];
  const submits = problem.problem === "network" && "submission" in form.dataset && !isOver ? words.cannotSubmit : "";
  return [sentence.replace("{who}", problem.who), submits, unsent.isForgetful() ? words.forgetful : ""].join(" ").trim();
}

// Shows the state of the answers. A page with a line of its own for sentences has only a few words beside the number.
function show(state, sentence, few = sentence) {
  const [status, line] = [document.querySelector("[data-status]"), document.querySelector("[data-note]")];
  const hasLine = line && few !== sentence;
  status.dataset.state = state;
  write(status.querySelector("[data-words]"), hasLine ? few : sentence);
  if (!line) return;
  line.hidden = !hasLine;
  write(line.querySelector("[data-note-words]"), hasLine ? sentence : "");
}

// Screen readers announce a status again when it is written again.
function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

// Closes the form when time is up, and opens it if an instructor has given more. What is typed stays and is sent.
function setClosing(page, isUp) {
  page.isClosing = isUp;
  for (const part of document.querySelectorAll("[data-closes]")) part.inert = isUp;
  tell(page);
}

function markDot({ words }, slot, isAnswered, isFlagged) {
  const dot = document.querySelector(`[data-dots] [data-number="${slot}"]`);
  dot?.classList.toggle("answered", isAnswered);
  dot?.classList.toggle("flagged", isFlagged);
  const states = [isAnswered && words.answered, isFlagged && words.flagged].filter(Boolean);
  if (dot) dot.querySelector("[data-state]").textContent = states.map((word) => `, ${word}`).join("");
}

// Says that a stored answer is no number where one is asked for.
function tellOfLack({ form }, { lack }) {
  const line = form.querySelector("[data-lack]");
  if (line && line.textContent !== lack) line.textContent = lack ?? "";
}

// Shows that the server has another answer than the one that waited here. The learner decides which one counts.
function tellOfRefused(page) {
  const box = page.form.querySelector("[data-refused]");
  const item = page.unsent.get(page.form.dataset.slot);
  if (box) box.hidden = !item?.refused;
  if (box) page.form.elements.flag.disabled = !box.hidden; // a change of the flag would send the answer, and so decide
  if (!box || box.hidden) return;
  box.querySelector("[data-why]").textContent = page.words[item.refused];
  box.querySelector("[data-given]").textContent = item.words || "–";
}

// Lists the answers that did not arrive before the attempt was closed. They stay here, so that the learner can tell an
// instructor.
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
  page.base = Number(form.elements.base.value) || 0;
  restore(page);
  markAll(page);
  bringDotIntoSight();
  const flag = form.elements.flag;
  const given = (event) => {
    if (!["answer", "flag"].includes(event.target.name)) return;
    page.leaving = false; // a learner who continues to answer has stopped the next page from loading
    note(page);
    later(page, event.target.type === "text" ? quiet(page) : 0);
  };
  const options = { signal: page.gone.signal };
  form.addEventListener("input", given);
  flag.addEventListener("input", given, options);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "clear") clear(page);
    else leave(page, event.submitter?.dataset.url ?? form.dataset.next, event.submitter ?? form.querySelector("[data-busy]"));
  });
  document.addEventListener("click", (event) => {
    const dot = event.target.closest?.(`button[form="${form.id}"][data-url]`);
    if (!dot) return;
    event.preventDefault();
    leave(page, dot.dataset.url, dot);
  }, options);
  document.addEventListener("keydown", (event) => choose(form, event), options);
  window.addEventListener("popstate", () => {
    const isOther = location.pathname !== path(form.action);
    if (isOther && keptQuestions.has(location.href)) openKept(page, location.href);
  }, options);
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
  const follows = before && !before.refused ? before : { base: page.base, tried: [] };
  const answer = new FormData(form).getAll("answer");
  page.unsent.put(form.dataset.slot, {
    answer, words: inWords(form, answer), flag: form.elements.flag.checked,
    sequence: Math.max(page.base, before?.sequence ?? 0) + 1, base: follows.base, tried: follows.tried,
    at: Date.now(), url: form.action,
  });
  page.savedAt = "";
  tellOfRefused(page);
  if (!page.problem) show("saving", page.words.saving);
}

function inWords(form, answer) {
  const labels = [...form.querySelectorAll("[data-options] input")].filter((input) => answer.includes(input.value));
  return labels.length ? labels.map((input) => input.closest("label").textContent.trim()).join("; ") : answer.join("");
}

// Puts an answer that waited in this browser into the page again, instead of the older answer that the server has. An
// answer that was given before this script was loaded is newer than both. A kept question may be older than an answer
// that the server has acknowledged.
function restore(page) {
  const { slot } = page.form.dataset;
  const [item, acknowledged] = [page.unsent.get(slot), page.acknowledged.get(slot)];
  const isNewer = acknowledged?.sequence > page.base;
  if (isNewer) page.base = acknowledged.sequence;
  if (isChanged(page.form) || "unsaved" in page.form.dataset) note(page);
  else if (item && !item.refused) fill(page.form, item);
  else if (isNewer) {
    fill(page.form, acknowledged);
    page.savedAt = acknowledged.savedAt;
  }
}

// Marks the squares by the answers that this page, or the server's copy of it, does not know.
function markAll(page) {
  const newer = [...page.acknowledged.all(), ...page.unsent.waiting()];
  for (const [slot, { answer, flag }] of newer) markDot(page, slot, answer.some((text) => text.trim()), flag);
}

function isChanged(form) {
  return [...form.elements].filter((input) => ["answer", "flag"].includes(input.name))
    .some((input) => (input.type === "text" ? input.value !== input.defaultValue : input.checked !== input.defaultChecked));
}

// Scrolls the squares sideways to the one of this question.
function bringDotIntoSight() {
  const [row, dot] = [document.querySelector("[data-dots]"), document.querySelector("[data-dots] [aria-current]")];
  if (dot && row.scrollWidth > row.clientWidth) row.scrollLeft = dot.offsetLeft - (row.clientWidth - dot.offsetWidth) / 2;
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
  page.form.querySelector("[data-options] input").focus(); // the button disappears, because there is nothing to clear
}

// ------------------------------------------------------------------------------------------------------- leaving

// Leads to another page of the attempt. A network that is away or slow keeps nobody waiting who has kept the question.
async function leave(page, url, button) {
  page.leaving = false;
  const isKept = keptQuestions.has(url);
  busy(button, true);
  const isSent = page.problem && isKept ? false : await inTime(flush(page), isKept);
  const isThere = isSent && (await isReachable(page));
  busy(button, false);
  if (isThere) {
    page.leaving = true;
    busy(button, true);
    return location.assign(url);
  }
  if (page.leaving || page.isOver) return null;
  const mayGoOn = !page.problem || ["network", "server", "signedOut"].includes(page.problem.problem);
  return isKept && mayGoOn ? openKept(page, url, true) : sayWhyNot(page);
}

function inTime(sending, isKept) {
  const patience = new Promise((done) => { setTimeout(done, LONGEST_LEAVING, false); });
  return isKept ? Promise.race([sending, patience]) : sending;
}

// Asks the server for a sign of life, so that nobody leaves a page for one that does not come.
async function isReachable(page) {
  if (!navigator.onLine) page.problem = { problem: "network" };
  else if (performance.now() - page.heardAt > JUST_NOW) {
    try {
      await fetch("/health/", { signal: AbortSignal.timeout?.(LONGEST_LEAVING) });
      page.heardAt = performance.now();
    } catch { page.problem = { problem: "network" }; }
  }
  if (page.problem) tryAgain(page, page.problem);
  return !page.problem;
}

// Shows a kept question in this page. Unsent answers of the question before are sent by the new one.
function openKept(page, url, isNew = false) {
  page.leaving = true;
  clearTimeout(page.timer);
  page.gone.abort();
  const token = page.form.elements.csrfmiddlewaretoken.value;
  const form = keptQuestions.show(url);
  form.elements.csrfmiddlewaretoken.value = token;
  if (isNew) history.pushState(null, "", url);
  document.querySelector("[data-status]").dataset.state = "";
  attach(form, page.problem ?? { problem: "network" });
  scrollTo(0, 0);
  document.querySelector("#main").focus({ preventScroll: true });
}

// Shows that a button was pressed, while the network is slow.
function busy(button, isBusy) {
  if (!button) return;
  button.setAttribute("aria-busy", String(isBusy));
  if (!button.dataset.busy) return;
  button.dataset.words ??= button.innerHTML;
  if (isBusy) button.textContent = button.dataset.busy;
  else button.innerHTML = button.dataset.words;
}

// Tells a learner who wanted to go to another page why they stay.
function sayWhyNot(page) {
  const { problem, words, form } = page;
  if (problem?.problem !== "network" || page.isOver) return;
  const isLast = form.querySelector("[value=finish]");
  show("waiting", `${problemInWords(page)} ${isLast ? words.cannotSubmit : words.cannotLeave}`, words.waiting);
}

// ------------------------------------------------------------------------------------ the page before submitting

// Remembers when an answer arrived. The server may have begun the next page before that, without counting the answer. The
// next page compares the times and loads once more. Reading the time removes it: a clock that is set back reloads only once.
function rememberArrival(page) {
  try { sessionStorage.setItem(arrivalOf(page), Date.now()); } catch { /* this browser stores nothing */ }
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

// The result lists the answers that the server has kept as late ones, also those that this page has just sent.
function attachResult(page) {
  forgetAttempt(page.form.dataset.attempt);
  for (const [slot, item] of page.unsent.late()) page.unsent.put(slot, { ...item, refused: undefined });
  if (page.unsent.waiting().length) flush(page).then(() => { if (!page.unsent.late().length) location.reload(); });
}

async function submit(page) {
  const problem = await findProblem(page); // this also takes over a new token
  if (problem) return tryAgain(page, problem);
  page.leaving = true;
  forgetAttempt(page.form.dataset.attempt);
  return page.form.submit();
}
