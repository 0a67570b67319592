// Scrolls the preview to what the caret is in, beside the line of the caret. The page itself does not move.

import { endOf, lineAt, startOf } from "./text.js";

const BLOCKS = "p, li, tr, pre, h2, h3, h4, h5, h6, dt, dd, summary, figure";
const ENOUGH = 40; // letters by which a line is found

export function followCaret(editor, text, lines) {
  const page = editor.querySelector("[data-page]");
  let last = 0, waiting = 0;

  function follow() {
    const line = lineAt(text.value, text.selectionStart);
    last = line;
    const place = placeOf(page, text.value, line);
    if (place === undefined) return;
    const beside = Math.min(Math.max(lines.top(line) - text.scrollTop, 0), page.clientHeight / 2);
    page.scrollTop = place - beside;
  }

  // A person may scroll the preview: only another line of the caret moves it again.
  document.addEventListener("selectionchange", () => {
    if (document.activeElement !== text) return;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      if (lineAt(text.value, text.selectionStart) !== last) follow();
    });
  });
  return () => { if (document.activeElement === text) follow(); };
}

// Returns how far down the page a line of the text is shown: where its words are, or else between two headings.
function placeOf(page, value, line) {
  const headings = [...page.querySelectorAll("[data-source-line]")];
  const place = headings.findLastIndex((heading) => Number(heading.dataset.sourceLine) <= line);
  const [above, below] = [headings[place], headings[place + 1]];
  const start = startOf(value, line);
  const found = showing(page, letters(value.slice(start, endOf(value, start))), above, below);
  if (found) return topOf(page, found);
  const [from, to] = [above ? topOf(page, above) : 0, below ? topOf(page, below) : page.scrollHeight];
  const [first, end] = [above?.dataset.sourceLine ?? 1, below?.dataset.sourceLine ?? value.split("\n").length + 1];
  return from + (to - from) * ((line - first) / Math.max(1, end - first));
}

// Returns the element between two headings that has the words of a line.
function showing(page, words, above, below) {
  if (words.length < 2) return undefined;
  const isBetween = (element) => (!above || element === above || isAfter(above, element)) && (!below || isAfter(element, below));
  return [...page.querySelectorAll(BLOCKS)].find((element) => isBetween(element) && letters(element.textContent).includes(words));
}

function isAfter(one, other) {
  return Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}

// Returns the letters and digits of a line without its marks and addresses.
function letters(line) {
  const shown = line.replace(/\]\([^)]*\)/g, "").replace(/^\s*[-*+] \[[xX]\]/, "").replace(/\{[^}]*\}\s*$/, "");
  return shown.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase().slice(0, ENOUGH);
}

function topOf(page, element) {
  return element.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop;
}
