// Saves answers as they are given. What is not sent yet waits in this browser, also when the page is closed, and goes out
// from whatever page of the attempt is open. Without this script, an answer is saved on going to another question.
// The words come from the page, in the learner's language.

const QUIET_WHILE_TYPING = 600; // ms
const LONGEST_WAIT = 30_000; // ms between two tries
const PATIENCE = 10_000; // ms for an acknowledgement

for (const form of document.querySelectorAll("form[data-answers], form[data-submission]")) attach(form);

function attach(form) {
  const { dataset: words } = form.querySelector("[data-said]");
  const page = { form, words, unsent: unsentOf(form.dataset.attempt), tries: 0, timer: 0, sending: null, leaving: false };
  if ("answers" in form.dataset) attachQuestion(page);
  else attachSubmission(page);
  window.addEventListener("online", () => later(page, 0));
  window.addEventListener("pageshow", () => { page.leaving = false; });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) later(page, 0); });
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
  tell(page);
  later(page, 0);
}

// ------------------------------------------------------------------------------------------ what is not sent yet

// Answers by slot: { answer, flag, sequence, base, url, isRefused }. `base` is the number of the answer that this one
// follows: where the server has a later one, from another window or machine, this one does not replace it unasked.
function unsentOf(attempt) {
  const name = `unsent-${attempt}`;
  let kept = {};
  const read = () => {
    try { kept = JSON.parse(localStorage.getItem(name)) ?? {}; } catch { /* no storage: kept for as long as the page is open */ }
    return kept;
  };
  const write = () => {
    try {
      if (Object.keys(kept).length) localStorage.setItem(name, JSON.stringify(kept));
      else localStorage.removeItem(name);
    } catch { /* as above */ }
  };
  return {
    get: (slot) => read()[slot],
    put: (slot, item) => { read()[slot] = item; write(); },
    drop: (slot) => { delete read()[slot]; write(); },
    waiting: () => Object.entries(read()).filter(([, item]) => !item.isRefused),
    refused: () => Object.entries(read()).filter(([, item]) => item.isRefused),
    clear: () => { kept = {}; write(); },
  };
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
  for (let [first] = page.unsent.waiting(); first; [first] = page.unsent.waiting()) {
    const [slot, item] = first;
    const reply = await send(page, item);
    if (page.leaving) return false;
    if (!reply) return tryAgain(page);
    if (reply.signed_out) return signIn(page, reply.url);
    if (reply.closed) return close(page, reply.url);
    document.dispatchEvent(new CustomEvent("time-left", { detail: reply.seconds_left }));
    settle(page, slot, item, reply);
  }
  page.tries = 0;
  tell(page);
  return true;
}

async function send(page, item, isSecondTry = false) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", page.form.elements.csrfmiddlewaretoken.value);
  for (const answer of item.answer) body.append("answer", answer);
  if (item.flag) body.set("flag", "on");
  body.set("sequence", item.sequence);
  body.set("base", item.base);
  try {
    const response = await fetch(item.url, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 403 && !isSecondTry) return (await renewToken(page)) && send(page, item, true);
    return response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
  } catch {
    return null;
  }
}

// Whoever signs in again in another window gets another token: this page takes it over.
async function renewToken(page) {
  const response = await fetch(location.href, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  const other = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = other.querySelector("form[data-attempt] [name=csrfmiddlewaretoken]")?.value;
  if (token) page.form.elements.csrfmiddlewaretoken.value = token;
  return Boolean(token);
}

function settle(page, slot, sent, reply) {
  const now = page.unsent.get(slot);
  if (!now) return;
  const isHere = slot === page.form.dataset.slot;
  if (isHere) page.known = reply.sequence;
  if (reply.accepted && now.sequence === sent.sequence) page.unsent.drop(slot);
  else if (reply.accepted) page.unsent.put(slot, { ...now, base: reply.sequence });
  // Whoever is answering here and now gives the newest answer; one that waited from before may be the older one.
  else if (isHere && page.isTouched) page.unsent.put(slot, { ...now, base: reply.sequence, sequence: Math.max(now.sequence, reply.sequence + 1) });
  else {
    page.unsent.put(slot, { ...now, isRefused: true });
    if (isHere) page.form.reset(); // to what the server has, which stood in the page before
  }
  if (reply.accepted && isHere) page.savedAt = reply.saved_at;
  mark(page, slot, reply.is_answered);
}

function tryAgain(page) {
  page.tries += 1;
  tell(page);
  later(page, Math.min(LONGEST_WAIT, 1000 * 2 ** page.tries));
  return false;
}

function signIn(page, url) {
  const { form, words } = page;
  show(form, "unsent", words.signedOut);
  const link = form.querySelector("[data-sign-in]");
  link.href = url;
  link.hidden = false;
  return false;
}

function close(page, url) {
  page.leaving = true;
  page.unsent.clear();
  show(page.form, "unsent", page.words.closed);
  location.assign(url);
  return false;
}

// ------------------------------------------------------------------------------------------------ what is said

function tell(page) {
  const { form, words } = page;
  const waiting = page.unsent.waiting().length;
  form.querySelector("[data-sign-in]").hidden = true;
  if (waiting) show(form, page.tries ? "unsent" : "saving", page.tries ? counted(words, waiting) : words.saving);
  else if (page.savedAt) show(form, "saved", words.saved.replace("{time}", page.savedAt));
  else if (form.querySelector("[data-status]").dataset.state !== "saved") show(form, "", "");
  tellOfRefused(page);
}

function counted(words, number) {
  return (number === 1 ? words.unsentOne : words.unsentMany).replace("{n}", number);
}

function show(form, name, words) {
  const status = form.querySelector("[data-status]");
  status.dataset.state = name;
  status.querySelector("[data-words]").textContent = words;
}

function mark(page, slot, isAnswered) {
  const dot = document.querySelector(`[data-dots] [data-number="${slot}"]`);
  dot?.classList.toggle("answered", isAnswered);
  if (dot) dot.querySelector("[data-state]").textContent = isAnswered ? `, ${page.words.answered}` : "";
}

// ------------------------------------------------------------------------------------------- a page of one question

function attachQuestion(page) {
  const { form } = page;
  page.known = Number(form.elements.sequence.value) || 0;
  restore(page);
  form.addEventListener("input", (event) => {
    if (!["answer", "flag"].includes(event.target.name)) return;
    note(page);
    later(page, event.target.type === "text" ? QUIET_WHILE_TYPING : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(page, event.submitter?.dataset.url ?? form.dataset.next);
  });
  document.addEventListener("click", (event) => {
    const dot = event.target.closest?.(`button[form="${form.id}"][data-url]`);
    if (!dot) return;
    event.preventDefault();
    leave(page, dot.dataset.url);
  });
  document.addEventListener("keydown", (event) => choose(form, event));
}

function note(page) {
  const { form } = page;
  const before = page.unsent.get(form.dataset.slot);
  page.isTouched = true;
  page.unsent.put(form.dataset.slot, {
    answer: new FormData(form).getAll("answer"),
    flag: form.elements.flag.checked,
    sequence: Math.max(page.known, before?.sequence ?? 0) + 1,
    base: page.known,
    url: form.action,
  });
  page.savedAt = "";
  show(form, "saving", page.words.saving);
}

// An answer that waited in this browser stands in the page again, in place of the older one that the server has.
function restore(page) {
  const item = page.unsent.get(page.form.dataset.slot);
  if (item && !item.isRefused) fill(page.form, item);
}

function fill(form, item) {
  for (const input of form.querySelectorAll("[name=answer]")) {
    if (input.type === "text") input.value = item.answer[0] ?? "";
    else input.checked = item.answer.includes(input.value);
  }
  form.elements.flag.checked = item.flag;
}

async function leave(page, url) {
  if (!(await flush(page))) return;
  if (!navigator.onLine) return show(page.form, "unsent", page.words.offline);
  page.leaving = true;
  location.assign(url);
}

// The server has a later answer than one that waited here: whoever gave both says which one counts.
function tellOfRefused(page) {
  const { form } = page;
  const box = form.querySelector("[data-refused]");
  if (!box) return;
  const item = page.unsent.get(form.dataset.slot);
  box.hidden = !item?.isRefused;
  if (box.hidden || box.dataset.isReady) return;
  box.dataset.isReady = "yes";
  box.querySelector("[data-given]").textContent = inWords(form, item);
  box.querySelector("[data-take]").addEventListener("click", () => {
    fill(form, item);
    note(page);
    later(page, 0);
  });
  box.querySelector("[data-discard]").addEventListener("click", () => {
    page.unsent.drop(form.dataset.slot);
    tell(page);
  });
}

function inWords(form, item) {
  const labels = [...form.querySelectorAll("[data-options] input")].filter((input) => item.answer.includes(input.value));
  return labels.length ? labels.map((input) => input.closest("label").textContent.trim()).join("; ") : item.answer.join("");
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

function attachSubmission(page) {
  const { form } = page;
  const waited = page.unsent.waiting().length;
  for (const [slot] of page.unsent.refused()) {
    const hint = form.querySelector("[data-undecided]");
    hint.hidden = false;
    hint.querySelector("[data-slots]").textContent += ` ${slot}`;
  }
  if (waited) flush(page).then((isDone) => { if (isDone) location.reload(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!navigator.onLine) return show(form, "unsent", page.words.offline);
    if (!(await flush(page))) return;
    page.leaving = true;
    form.submit();
  });
}
