// Saves the answer of a question page as it is given. Without this script it is saved on going to another question.
// The words come from the form's data- attributes, in the learner's language.

const QUIET_WHILE_TYPING = 600; // ms
const LONGEST_WAIT = 30_000; // ms between two tries

for (const form of document.querySelectorAll("form[data-answers]")) attach(form);

function attach(form) {
  const sequence = Number(form.elements.sequence.value) || 0;
  const state = { sequence, acknowledged: sequence, timer: 0, tries: 0, sending: null, leaving: false };

  form.addEventListener("input", (event) => {
    if (event.target.name !== "answer") return;
    state.sequence += 1;
    form.elements.sequence.value = state.sequence;
    state.tries = 0;
    show(form, "saving", form.dataset.saving);
    later(form, state, event.target.type === "text" ? QUIET_WHILE_TYPING : 0);
  });
  // A button of the form sends the answer itself; without a connection it would only lead to an error page.
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      return show(form, "unsent", isUnsent(state) ? form.dataset.unsent : form.dataset.offline);
    }
    state.leaving = true;
    clearTimeout(state.timer);
  });
  window.addEventListener("pageshow", () => { state.leaving = false; });
  window.addEventListener("online", () => {
    if (isUnsent(state)) later(form, state, 0);
    else show(form, "", "");
  });
  window.addEventListener("beforeunload", (event) => {
    if (isUnsent(state) && !state.leaving) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => choose(form, event));
  for (const element of document.querySelectorAll("[data-without-script]")) element.hidden = true;
  for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
}

function isUnsent(state) {
  return state.acknowledged < state.sequence;
}

function later(form, state, wait) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => send(form, state), wait);
}

async function send(form, state) {
  if (state.leaving || !isUnsent(state)) return;
  state.sending?.abort();
  const attempt = (state.sending = new AbortController());
  const sequence = state.sequence;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.any([attempt.signal, AbortSignal.timeout(10_000)]),
    });
    const reply = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
    if (attempt.signal.aborted) return;
    if (reply?.closed) return close(form, state, reply);
    if (!response.ok || !reply) throw new Error(`answered ${response.status}`);
    acknowledge(form, state, sequence, reply);
  } catch {
    if (!attempt.signal.aborted) tryAgain(form, state);
  }
}

function acknowledge(form, state, sequence, reply) {
  state.tries = 0;
  // The server has seen a later answer, from another window: the next one has to be later still.
  if (reply.accepted === false && reply.sequence >= sequence) {
    state.sequence = reply.sequence + 1;
    form.elements.sequence.value = state.sequence;
    return later(form, state, 0);
  }
  state.acknowledged = Math.max(state.acknowledged, sequence);
  mark(form, reply.answered);
  if (!isUnsent(state)) show(form, "saved", form.dataset.saved.replace("{time}", reply.saved_at));
}

function tryAgain(form, state) {
  show(form, "unsent", form.dataset.unsent);
  state.tries += 1;
  later(form, state, Math.min(LONGEST_WAIT, 1000 * 2 ** state.tries));
}

function close(form, state, reply) {
  state.leaving = true;
  show(form, "unsent", form.dataset.closed);
  location.assign(reply.url);
}

function show(form, name, words) {
  const status = form.querySelector("[data-status]");
  status.dataset.state = name;
  status.querySelector("[data-words]").textContent = words;
}

function mark(form, answered) {
  for (const dot of document.querySelectorAll("[data-dots] [data-number]")) {
    const isAnswered = answered.includes(Number(dot.dataset.number));
    dot.classList.toggle("answered", isAnswered);
    dot.querySelector("[data-state]").textContent = isAnswered ? `, ${form.dataset.answered}` : "";
  }
}

// The digits 1 to 9 choose an answer, except while something is being typed.
function choose(form, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
  if (event.target.matches?.("input[type=text], textarea, select, [contenteditable]")) return;
  const input = form.querySelectorAll("[data-options] input")[Number(event.key) - 1];
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.click();
}
