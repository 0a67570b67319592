// Lists the problems of the text as it is now, marks their lines, and leads to a line.

import { endOf, startOf } from "./text.js";

export function listProblems(editor, lines) {
  const box = editor.querySelector("[data-problems]");
  const list = box.querySelector("[data-problem-list]");
  const status = box.querySelector("[data-problems-said]");
  box.hidden = false;

  return (answer) => {
    const found = answer.querySelector("[data-answer=problems]");
    const counts = [...(found?.querySelectorAll("[data-severity]") ?? [])].map((heading) => heading.textContent.trim());
    lines.mark(severities(found));
    list.replaceChildren(...(found?.childNodes ?? []));
    const words = found ? counts.join(", ") || editor.dataset.noProblems : "";
    if (status.textContent !== words) status.textContent = words; // said aloud only when it changes
  };
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
