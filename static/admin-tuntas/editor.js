// The editor: what learners will see of the text, and images that are put into it.
// It never writes into the text but on "Insert", and it shows errors next to the preview.

const WAIT = 350; // milliseconds without typing before the preview is asked for
const LONGEST_WAIT = 15000;

for (const editor of document.querySelectorAll("[data-editor]")) {
  const text = editor.querySelector("textarea");
  grow(text);
  preview(editor, text);
  if (editor.dataset.target) pictures(editor, text);
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
  const [file, alt, insert, status] = ["file", "alt", "insert", "said"].map((name) => box.querySelector(`[data-image-${name}]`));
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
    try {
      const answer = await send(editor.dataset.imageUrl, { image: file.files[0], target: editor.dataset.target });
      const body = await answer.text();
      if (!answer.ok) return say(status, sentence(answer, body) || editor.dataset.failed, "trouble");
      put(text, `![${alt.value.trim().replace(/[\\[\]]/g, "\\$&")}](${JSON.parse(body).path})`);
      file.value = alt.value = "";
      say(status, editor.dataset.inserted, "ready");
    } catch {
      say(status, editor.dataset.away, "trouble");
    } finally {
      insert.disabled = false;
    }
  });

  function refuse(field, words) {
    say(status, words, "trouble");
    field.focus();
  }
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
