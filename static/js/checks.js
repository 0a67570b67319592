// Questions in a text: their answer is judged beside the text, without leaving the page. Without this script, the form
// leads to a page that says the same.

const PATIENCE = 10_000; // ms for an answer of the server

for (const form of document.querySelectorAll("form[data-check]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isAnswered(form)) judge(form);
  });
}

// A page of its own that asks one question sends its answer as any form does.
for (const form of document.querySelectorAll("form[data-wants-answer]")) {
  form.addEventListener("submit", (event) => {
    if (!isAnswered(form)) event.preventDefault();
  });
}

// Without an answer nothing is asked of the server, and it is said why, until there is one.
function isAnswered(form) {
  const isGiven = new FormData(form).getAll("answer").some((answer) => answer.trim());
  const said = form.querySelector("[role=alert]");
  if (isGiven) return true;
  const words = document.createElement("p");
  words.className = "errorlist";
  words.setAttribute("role", "alert");
  words.textContent = document.querySelector("[data-wants-answer]").dataset.wantsAnswer;
  if (said) said.replaceWith(words);
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
  // Signed out, or no network: the page at that address says so better than this one could.
  if (verdict) show(form, verdict);
  else location.assign(address);
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

// The question's own heading, at the level that it has in the text, to go on from by keyboard.
function titleOf(form) {
  const title = form.querySelector("legend > *").cloneNode(true);
  title.classList.add("question-title");
  title.tabIndex = -1;
  return title;
}

// The verdict stands in place of the question, until the learner wants to try again.
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
