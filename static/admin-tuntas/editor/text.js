// Reads and writes a text box by lines and places. The browser's own "undo" takes back what is written here.

const entered = new WeakSet();

// Notes whether a person has put the caret into a box.
export function noteCaret(text) {
  text.addEventListener("focus", () => entered.add(text), { once: true });
}

export function hasCaret(text) {
  return entered.has(text);
}

// A box where nobody has been has its caret before the front matter. What is added then belongs at the end.
export function caretIn(text) {
  if (!entered.has(text)) text.setSelectionRange(text.value.length, text.value.length);
  return text.selectionStart;
}

// Puts words in the place of what is selected.
export function put(text, words) {
  text.focus({ preventScroll: true });
  const isDone = words ? document.execCommand("insertText", false, words) : document.execCommand("delete");
  if (!isDone) text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// Puts words between two places of the text, and then selects what is between two other places.
export function replace(text, { start, end, words, selection }) {
  if (text.value.slice(start, end) !== words) {
    text.setSelectionRange(start, end);
    if (start !== end || words) put(text, words);
  }
  text.focus({ preventScroll: true });
  text.setSelectionRange(...selection);
}

// Lines count from 1.
export function lineAt(value, place) {
  let line = 1;
  for (let end = value.indexOf("\n"); end >= 0 && end < place; end = value.indexOf("\n", end + 1)) line += 1;
  return line;
}

// Returns where a line begins, or the end of the text for a line after the last one.
export function startOf(value, line) {
  let start = 0;
  for (let left = line - 1; left > 0; left -= 1) {
    const end = value.indexOf("\n", start);
    if (end < 0) return value.length;
    start = end + 1;
  }
  return start;
}

export function endOf(value, place) {
  const end = value.indexOf("\n", place);
  return end < 0 ? value.length : end;
}

export function say(place, words, state) {
  place.textContent = words;
  place.dataset.state = state;
}
