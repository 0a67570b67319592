// Lists the problems of the text as it is now, marks their lines, and leads to a line.

import { endOf, startOf } from "./text.js";

export function listProblems(editor, lines) {
  const list = editor.querySelector("[data-problem-list]");
  const status = editor.querySelector("[data-problems-said]");

  return (answer) => {
    const found = answer.querySelector("[data-answer=problems]");
    const counts = [...(found?.querySelectorAll("[data-severity]") ?? [])].map((heading) => heading.textContent.trim());
    lines.mark(severities(found));
    list.replaceChildren(...(found?.childNodes ?? []));
    list.hidden = !counts.length;
    if (found) tell(status, counts.join(", ") || editor.dataset.noProblems, counts.length ? list.id : "");
    else status.replaceChildren();
  };
}

// Says how many problems there are, with a way to their list. A screen reader hears it only when it changes.
function tell(status, words, id) {
  if (status.textContent === words) return;
  const link = Object.assign(document.createElement("a"), { href: `#${id}`, textContent: words });
  status.replaceChildren(id ? link : words);
}

// Returns the lines with problems. A line that has both kinds counts as an error.
function severities(found) {
  const marked = new Map();
  for (const heading of [...(found?.querySelectorAll("[data-severity]") ?? [])].reverse()) {
    for (const link of heading.nextElementSibling.querySelectorAll("a[data-line]")) {
      marked.set(Number(link.dataset.line), heading.dataset.severity);
    }
  }
  return marked;
}

// The lists above the form are about the text as it was saved. They say so once it is another one, and call nothing ready.
export function tellOlderLists(text) {
  const older = document.querySelector("[data-older]");
  const ready = document.querySelector("[data-nothing-listed]");
  text.addEventListener("input", () => {
    const isChanged = text.value !== text.defaultValue;
    if (older) older.hidden = !isChanged;
    if (ready) ready.hidden = isChanged;
  });
}

// Each link to a line of a text, in the list and above the form, leads into the box.
export function jumpToLines(editors) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-line]");
    const found = link && editors.find(({ text }) => `#${text.id}` === link.getAttribute("href"));
    if (!found) return;
    event.preventDefault();
    goToLine(found, Number(link.dataset.line));
    found.editor.querySelector("[data-jumped]").textContent = link.closest("li").textContent.trim().replace(/\s+/g, " ");
  });
}

function goToLine({ text, lines, follow }, line) {
  const start = startOf(text.value, line);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, endOf(text.value, start));
  lines.reveal(line);
  follow();
}
