// Makes every page a little more convenient. Each part works on elements with its data- attribute, and none is necessary.

// After an error, the focus is in the first field that is wrong.
document.querySelector("main form [aria-invalid=true]")?.focus();

// The account menu closes on Escape, on a press elsewhere, and when the focus leaves it.
for (const menu of document.querySelectorAll("details[data-menu]")) {
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

// A fold that the stylesheet shows as open on a wide screen says so to screen readers too.
for (const fold of document.querySelectorAll("details[data-fold]")) {
  const isWide = matchMedia("(min-width: 62rem)");
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

// Looks after what this browser keeps for reading and answering without a network, where it keeps anything.
try {
  if (localStorage.getItem("keeper")) import("./kept.js").then(({ lookAfter }) => lookAfter()).catch(() => {}); // no network
} catch { /* this browser stores nothing */ }
