// Makes every page a little more convenient. Each part works on elements with its data- attribute, and none is necessary.

// After an error, the focus is in the first field that is wrong.
document.querySelector("main form [aria-invalid=true]")?.focus();

// The key "/" leads to the search, or into its field on the page of the search. In a field it is a sign like any other,
// and so it is everywhere if the reader has turned the key off.
document.addEventListener("keydown", (event) => {
  const isTyped = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (document.documentElement.dataset.keys === "off") return;
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyped) return;
  const field = document.querySelector("[data-seek-field]");
  const link = document.querySelector("a[data-seek]");
  if (!field && !link) return;
  event.preventDefault();
  if (!field) location.assign(link.href);
  field?.focus();
  field?.select();
});

// The menus of the account and of the display close on Escape, on a press elsewhere, and when the focus leaves it.
for (const menu of document.querySelectorAll("details[data-menu], details[data-look]")) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// A theme, a size of text and the key of the search are applied at once, without loading the page again.
for (const form of document.querySelectorAll("form[data-appearance]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, value } = event.submitter;
    const body = new FormData(form, event.submitter);
    for (const button of form.querySelectorAll(`button[name=${name}]`)) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    document.documentElement.dataset[name] = value;
    if (name === "theme") colour(value);
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type !== "opaqueredirect") form.submit(); // the page says what is wrong
  });
}

// The colours of the browser around the page, as base.html writes them.
function colour(theme) {
  document.querySelector("meta[name=color-scheme]").content = theme || "light dark";
  const [light, dark] = document.querySelectorAll("meta[name=theme-color]");
  light.content = theme === "dark" ? "#12141a" : "#fbfaf6";
  dark.content = theme === "light" ? "#fbfaf6" : "#12141a";
}

// A button that prints the page is there only where a script can press it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A fold that the stylesheet shows as open on a wide screen says so to screen readers too.
for (const fold of document.querySelectorAll("details[data-fold]")) {
  const isWide = matchMedia(`(min-width: ${fold.dataset.fold || "62rem"})`);
  fold.open = isWide.matches;
  isWide.addEventListener("change", () => { fold.open = isWide.matches; });
}

// Scrolls a long path to the current page. A folded path is scrolled when it is opened.
for (const path of document.querySelectorAll("[data-path]")) {
  const inside = path.querySelector("[data-fold] .inside");
  for (const box of [path, inside]) bringIntoSight(box);
  path.querySelector("[data-fold]").addEventListener("toggle", () => bringIntoSight(inside));
}

function bringIntoSight(box) {
  const current = box.querySelector("[aria-current]");
  if (current && box.scrollHeight > box.clientHeight) {
    box.scrollTop += current.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  }
}

// Shows what is typed in the field of a password while its button is pressed in. It is hidden again before it is sent.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  const show = (isShown) => {
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", isShown);
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
}

// Looks after what this browser keeps for reading and answering without a network, where it keeps anything. A page that is
// rendered ahead may never be seen, so it waits until it is.
function lookAfterKept() {
  try {
    if (localStorage.getItem("keeper")) import("./kept.js").then(({ lookAfter }) => lookAfter()).catch(() => {}); // no network
  } catch { /* this browser stores nothing */ }
}

if (document.prerendering) document.addEventListener("prerenderingchange", lookAfterKept, { once: true });
else lookAfterKept();
