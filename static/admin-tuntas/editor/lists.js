// Continues a list, the choices of a question, or a quotation on Enter. Enter in an empty item ends the list.
// `beforeinput` comes from the keyboards of phones too. While a word is composed, Enter belongs to the keyboard.

import { put } from "./text.js";

const ITEM = /^([ \t]*)(?:([-*+])|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+|\[=\][ \t]+)?/;
const QUOTATION = /^[ \t]*>[ \t]?/;

export function continueLists(text) {
  text.addEventListener("beforeinput", (event) => {
    if (!["insertLineBreak", "insertParagraph"].includes(event.inputType) || event.isComposing || !event.cancelable) return;
    if (text.selectionStart !== text.selectionEnd) return;
    const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
    const line = text.value.slice(start).split("\n", 1)[0];
    const mark = markOf(line);
    if (!mark || text.selectionStart < start + mark.length) return;
    event.preventDefault();
    if (line.trim() !== mark.trim()) return put(text, `\n${next(mark)}`);
    text.setSelectionRange(start, start + line.length);
    put(text, "");
  });
}

function markOf(line) {
  return (line.match(ITEM) ?? line.match(QUOTATION))?.[0];
}

// The next item of a numbered list has the next number, and a new choice is not the right one.
function next(mark) {
  const numbered = mark.replace(/^([ \t]*)(\d+)/, (_whole, blanks, number) => `${blanks}${Number(number) + 1}`);
  return numbered.replace(/\[[xX]\]/, "[ ]");
}
