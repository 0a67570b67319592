// Shows what learners will see of the text, a moment after one stops typing.

import { send, sentence } from "./asking.js";
import { say } from "./text.js";

const WAIT = 350; // milliseconds without typing before the preview is asked for
const LONGEST_WAIT = 15_000;

// `whenShown` gets the answer, an element with the problems of the text too.
export function showPreview(editor, text, whenShown) {
  const page = editor.querySelector("[data-page]");
  const status = editor.querySelector("[data-said]");
  let timer, asked;

  async function ask() {
    asked?.abort();
    const request = (asked = new AbortController());
    const late = setTimeout(() => request.abort("late"), LONGEST_WAIT);
    say(status, editor.dataset.working, "working");
    const fields = { content: text.value, which: editor.dataset.which, field: text.id };
    try {
      const answer = await send(editor.dataset.previewUrl, fields, request.signal);
      const body = await answer.text();
      if (request !== asked) return;
      if (!answer.ok) return say(status, sentence(answer, body) || editor.dataset.failed, "trouble");
      show(body);
      say(status, editor.dataset.ready, "ready");
    } catch {
      if (request !== asked) return;
      say(status, request.signal.reason === "late" ? editor.dataset.late : editor.dataset.away, "trouble");
    } finally {
      clearTimeout(late);
    }
  }

  function show(body) {
    const answer = document.createElement("template");
    answer.innerHTML = body;
    page.replaceChildren(...(answer.content.querySelector("[data-answer=page]")?.childNodes ?? []));
    whenShown(answer.content);
  }

  editor.querySelector("[data-shown]").hidden = false;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  ask();
}
