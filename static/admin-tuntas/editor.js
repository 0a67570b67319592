// The editor: what learners will see of the text, and images that are put into it.
// It never writes into the text but on "Insert" and where a picture is dropped or pasted. Errors stand beside the text.

const WAIT = 350; // milliseconds without typing before the preview is asked for
const LONGEST_WAIT = 15000;

for (const editor of document.querySelectorAll("[data-editor]")) {
  const text = editor.querySelector("textarea");
  grow(text);
  preview(editor, text);
  if (editor.dataset.target) pictures(editor, text);
  droppedPictures(editor, text);
}

// A link to a line of the text marks that line in the editor.
for (const link of document.querySelectorAll("a[data-line]")) {
  link.addEventListener("click", (event) => {
    const text = document.querySelector(`${link.getAttribute("href")}`);
    if (!text) return;
    event.preventDefault();
    goToLine(text, Number(link.dataset.line));
  });
}

function goToLine(text, line) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = Math.max(0, (text.scrollHeight / lines.length) * (line - 4));
  text.scrollIntoView({ block: "center" });
}

function grow(text) {
  if (CSS.supports("field-sizing", "content")) return;
  const fit = () => {
    text.rows = Math.min(40, Math.max(18, text.value.split("\n").length + 1));
  };
  text.addEventListener("input", fit);
  fit();
}

function preview(editor, text) {
  const page = editor.querySelector("[data-page]");
  const status = editor.querySelector("[data-said]");
  let timer, asked;

  async function ask() {
    asked?.abort();
    const request = (asked = new AbortController());
    const late = setTimeout(() => request.abort("late"), LONGEST_WAIT);
    say(status, editor.dataset.working, "working");
    try {
      const answer = await send(editor.dataset.previewUrl, { content: text.value, which: editor.dataset.which }, request.signal);
      const body = await answer.text();
      if (request !== asked) return;
      if (!answer.ok) return say(status, sentence(answer, body) || editor.dataset.failed, "trouble");
      page.innerHTML = body;
      say(status, editor.dataset.ready, "ready");
    } catch {
      if (request !== asked) return;
      say(status, request.signal.reason === "late" ? editor.dataset.late : editor.dataset.away, "trouble");
    } finally {
      clearTimeout(late);
    }
  }

  editor.querySelector("[data-shown]").hidden = false;
  editor.classList.add("is-live");
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  ask();
}

function pictures(editor, text) {
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
    putPicture(text, alt.value.trim(), path);
    file.value = alt.value = "";
    say(status, editor.dataset.inserted, "ready");
  });

  function refuse(field, words) {
    say(status, words, "trouble");
    field.focus();
  }
}

// Files that are dropped on the text, or pasted into it, are stored one after the other and shown where the cursor is.
function droppedPictures(editor, text) {
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
  const before = text.value.slice(0, text.selectionStart);
  const isInRow = before.slice(before.lastIndexOf("\n") + 1).trimStart().startsWith("|");
  if (!isInRow) text.selectionEnd += text.value.slice(text.selectionEnd).match(/^[ \t]*/)[0].length; // they would begin a paragraph
  const after = text.value.slice(text.selectionEnd);
  const [above, below] = isInRow ? ["", ""] : [blankLine(before, /\n*[ \t]*$/), blankLine(after, /^[ \t]*\n*/)];
  const start = text.selectionStart + above.length + 2;
  put(text, `${above}![${escaped(alt)}](${path})${below}`);
  return start;
}

// Returns the line ends that are missing between a picture and the text on one of its sides.
function blankLine(words, edge) {
  if (!words.trim()) return "";
  const ends = (words.match(edge)[0].match(/\n/g) ?? []).length;
  return "\n".repeat(Math.max(0, 2 - ends));
}

function send(address, fields, signal) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(address, { method: "POST", body, signal, headers: { "X-CSRFToken": token } });
}

// Our own endpoints answer in plain text; whatever else comes, such as a page of a proxy, is no sentence to show.
function sentence(answer, body) {
  return (answer.headers.get("Content-Type") ?? "").startsWith("text/plain") ? body : "";
}

function say(place, words, state) {
  place.textContent = words;
  place.dataset.state = state;
}

// Put words at the cursor, so that the browser's own "undo" takes them back.
function put(text, words) {
  text.focus();
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
  }
  text.dispatchEvent(new Event("input", { bubbles: true }));
}
