// Puts pictures into the text: from a field of the editor, dropped, or pasted. The server stores them first.

import { newPart, send, sentence } from "./asking.js";
import { caretIn, hasCaret, lineAt, put, say, startOf } from "./text.js";

export function pictureFields(editor, text) {
  const box = editor.querySelector("[data-image]");
  const [file, alt, insert] = ["file", "alt", "insert"].map((name) => box.querySelector(`[data-image-${name}]`));
  const status = editor.querySelector("[data-image-said]");
  box.hidden = false;

  // Enter in the small field inserts the picture; it does not send the page's form.
  alt.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    insert.click();
  });
  insert.addEventListener("click", async () => {
    if (!file.files.length) return refuse(file, editor.dataset.fileMissing);
    if (!alt.value.trim()) return refuse(alt, editor.dataset.altMissing);
    insert.disabled = true;
    const path = await store(editor, file.files[0], status);
    insert.disabled = false;
    if (!path) return;
    if (hasCaret(text)) caretIn(text);
    else await goToEndOfSections(editor, text);
    putPicture(text, alt.value.trim(), path);
    file.value = alt.value = "";
    box.open = false;
    say(status, editor.dataset.inserted, "ready");
  });

  function refuse(field, words) {
    say(status, words, "trouble");
    field.focus();
  }
}

// Where nobody has put the caret, a picture goes below the last section: behind the last question, it would belong to that.
async function goToEndOfSections(editor, text) {
  const end = caretIn(text);
  if (!editor.querySelector("[data-tool=section]")) return;
  const answer = await newPart(editor, text.value, lineAt(text.value, end), "section").catch(() => null);
  if (!answer?.ok) return;
  const start = startOf(text.value, (await answer.json()).line);
  text.setSelectionRange(start, start);
}

// Files that are dropped on the text, or pasted into it, are stored one after the other and shown where the cursor is.
export function droppedPictures(editor, text) {
  const status = editor.querySelector("[data-image-said]");

  async function take(files) {
    if (!editor.dataset.target) return say(status, editor.dataset.noPlace, "trouble");
    let alt;
    for (const file of files) {
      const path = await store(editor, file, status);
      if (!path) return;
      const words = altOf(file.name), start = putPicture(text, words, path);
      alt = [start, start + escaped(words).length];
      const end = alt[1] + `](${path})`.length;
      text.setSelectionRange(end, end); // where the next one goes
    }
    text.setSelectionRange(...alt); // so that better words can be typed at once
    say(status, editor.dataset.dropped, "ready");
  }

  text.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  text.addEventListener("drop", (event) => {
    const files = [...event.dataTransfer.files];
    if (!files.length) return;
    event.preventDefault(); // else the browser leaves the page for the file
    const field = text.form.elements.file;
    if (field && !files[0].type.startsWith("image/")) return void (field.files = event.dataTransfer.files); // a document
    const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const end = document.activeElement === text ? -1 : text.value.length; // of a text without a cursor
    const position = place?.offsetNode === text ? place.offset : end;
    if (position >= 0) text.setSelectionRange(position, position);
    take(files);
  });
  text.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || event.clipboardData.types.includes("text/plain")) return; // words of a program come with a picture of them
    event.preventDefault();
    take(files);
  });
}

// Stores a file, and returns the path by which the text shows it; says why, and returns nothing, if it is refused.
async function store(editor, file, status) {
  if (file.size > Number(editor.dataset.largest)) return say(status, editor.dataset.tooLarge, "trouble");
  say(status, editor.dataset.sending, "working");
  try {
    const answer = await send(editor.dataset.imageUrl, { image: file, target: editor.dataset.target });
    const body = await answer.text();
    if (answer.ok) return JSON.parse(body).path;
    say(status, sentence(answer, body) || editor.dataset.failed, "trouble");
  } catch {
    say(status, editor.dataset.away, "trouble");
  }
}

// The name of a file says what it shows, unless a program gave it: “foto kelas.jpg”, but not “image.png” or “IMG_2031.jpg”.
function altOf(name) {
  const words = name.replace(/\.[^.]*$/, "").replace(/[_-]+/g, " ").trim();
  return /^(image|img|dsc|pxl|screenshot|screen shot|tangkapan layar)?[\s\d()]*$/i.test(words) ? "" : words;
}

function escaped(words) {
  return words.replace(/[\\[\]]/g, "\\$&");
}

// Puts a picture at the cursor, with blank lines around it, and returns where its words begin. In a table it stays in its row.
function putPicture(text, alt, path) {
  leaveFrontMatter(text);
  const before = text.value.slice(0, text.selectionStart);
  const isInRow = before.slice(before.lastIndexOf("\n") + 1).trimStart().startsWith("|");
  if (!isInRow) text.selectionEnd += text.value.slice(text.selectionEnd).match(/^[ \t]*/)[0].length; // they would begin a paragraph
  const after = text.value.slice(text.selectionEnd);
  const [above, below] = isInRow ? ["", ""] : [blankLine(before, /\n*[ \t]*$/), blankLine(after, /^[ \t]*\n*/)];
  const start = text.selectionStart + above.length + 2;
  put(text, `${above}![${escaped(alt)}](${path})${below}`);
  return start;
}

// Moves the cursor behind the front matter, which a picture inside it or above it would end.
function leaveFrontMatter(text) {
  const matter = text.value.match(/^---[ \t]*\n[\s\S]*?\n---[ \t]*(?:\n|$)/)?.[0].length ?? 0;
  if (text.selectionStart < matter) text.setSelectionRange(matter, matter);
}

// Returns the line ends that are missing between a picture and the text on one of its sides.
function blankLine(words, edge) {
  if (!words.trim()) return "";
  const ends = (words.match(edge)[0].match(/\n/g) ?? []).length;
  return "\n".repeat(Math.max(0, 2 - ends));
}
