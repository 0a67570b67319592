// Judges the answer to a question in a text, without leaving the page. Without this script, the form leads to a page that
// says the same.

const PATIENCE = 10_000; // ms for an answer of the server

for (const form of document.querySelectorAll("form[data-check]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isAnswered(form)) judge(form);
  });
}

// A page with a single practice question sends its answer as any form does.
for (const form of document.querySelectorAll("form[data-wants-answer]")) {
  form.addEventListener("submit", (event) => {
    if (!isAnswered(form)) event.preventDefault();
  });
}

// Tells whether the form has an answer. Without one, nothing is sent, and a sentence says why until the learner answers.
function isAnswered(form) {
  const hasAnswer = new FormData(form).getAll("answer").some((answer) => answer.trim());
  const earlier = form.querySelector("[role=alert]");
  if (hasAnswer) return true;
  const words = document.createElement("p");
  words.className = "errorlist";
  words.setAttribute("role", "alert");
  words.textContent = document.querySelector("[data-wants-answer]").dataset.wantsAnswer;
  if (earlier) earlier.replaceWith(words);
  else form.querySelector("fieldset, input").after(words);
  form.addEventListener("input", () => words.remove(), { once: true });
  form.querySelector("input[name=answer]").focus();
  return false;
}

async function judge(form) {
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form)).toString();
  const button = form.querySelector("button");
  button.setAttribute("aria-busy", "true");
  const verdict = await verdictAt(address);
  button.removeAttribute("aria-busy");
  // Without a sign-in or a network there is no verdict. The page at that address explains the problem better.
  if (!verdict) return location.assign(address);
  count(form, address.searchParams.getAll("answer"));
  show(form, verdict);
}

// Tells the server how a learner answered, so that the question counts it, and the module may record it. The server keeps the
// first answer of each learner, and this page sends only its first one. Nothing waits for it.
function count(form, answers) {
  const counts = document.querySelector("template[data-check-again][data-counts]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!counts || !token || form.dataset.sent) return;
  form.dataset.sent = "true";
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", token);
  for (const answer of answers) sent.append("answer", answer);
  navigator.sendBeacon(new URL("count/", form.action), sent);
}

async function verdictAt(address) {
  try {
    const response = await fetch(address, { credentials: "same-origin", signal: AbortSignal.timeout?.(PATIENCE) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("[data-checked]");
  } catch {
    return null;
  }
}

// Returns a copy of the question's heading, at its level in the text. It takes the focus of the keyboard.
function titleOf(form) {
  const title = form.querySelector("legend > *").cloneNode(true);
  title.classList.add("question-title");
  title.tabIndex = -1;
  return title;
}

// Replaces the question by the verdict, until the learner wants to try again.
function show(form, verdict) {
  const shown = document.importNode(verdict, true);
  shown.classList.add("check");
  const again = document.importNode(document.querySelector("template[data-check-again]").content, true).firstElementChild;
  again.querySelector("button").addEventListener("click", () => {
    shown.remove();
    form.hidden = false;
    form.reset();
    form.querySelector("input")?.focus();
  });
  shown.append(again);
  const title = titleOf(form);
  shown.querySelector("h1").replaceWith(title);
  form.hidden = true;
  form.after(shown);
  title.focus();
}
