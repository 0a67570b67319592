// The toolbar and its keys. The arrow keys move inside it, so that one press of Tab leads on into the text.

import { newPart, sentence } from "./asking.js";
import { bulleted, headed, linked, numbered, wrapped } from "./marks.js";
import { caretIn, lineAt, replace, say, startOf } from "./text.js";

const KEYS = { b: "strong", i: "emphasis", k: "link", Digit7: "numbers", Digit8: "bullets" };

export function useTools(editor, text, lines) {
  const bar = editor.querySelector("[data-tools]");
  const buttons = Object.fromEntries([...bar.querySelectorAll("[data-tool]")].map((button) => [button.dataset.tool, button]));
  const add = (kind) => addPart({ editor, text, lines }, kind);
  const change = (edit) => replace(text, edit);
  const tools = {
    strong: ({ words }) => change(wrapped(text, "**", words)),
    emphasis: ({ words }) => change(wrapped(text, "*", words)),
    link: ({ words, address }) => change(linked(text, words, address)),
    heading: () => change(headed(text, "###")),
    bullets: () => change(bulleted(text)),
    numbers: () => change(numbered(text)),
    picture: () => openPicture(editor),
    section: () => add("section"),
    question: () => add("question"),
    example: ({ example }) => change({ start: 0, end: text.value.length, words: example, selection: [0, 0] }),
  };

  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-tool]");
    if (!button) return;
    caretIn(text);
    tools[button.dataset.tool](button.dataset);
  });
  text.addEventListener("keydown", (event) => {
    const name = toolOf(event);
    if (!buttons[name]) return;
    event.preventDefault();
    tools[name](buttons[name].dataset);
  });
  bar.hidden = false;
  moveByArrows(bar);
  if (buttons.example) offerWhileEmpty(buttons.example, text);
}

function toolOf({ key, code, ctrlKey, metaKey, altKey, shiftKey, isComposing }) {
  if (ctrlKey === metaKey || altKey || isComposing) return "";
  return KEYS[shiftKey ? code : key.toLowerCase()];
}

// Adds a section or a question where the server says: it knows the levels of headings, code, quiz and pools.
async function addPart(box, kind) {
  const { editor, text } = box;
  const status = editor.querySelector("[data-image-said]");
  const { value } = text;
  try {
    const answer = await newPart(editor, value, lineAt(value, caretIn(text)), kind);
    const body = await answer.text();
    if (!answer.ok) return say(status, sentence(answer, body) || editor.dataset.failed, "trouble");
    if (text.value !== value) return addPart(box, kind); // somebody typed on
    const { line, text: words, title } = JSON.parse(body);
    putPart(box, startOf(value, line), words, title);
    say(status, "", "ready");
  } catch {
    say(status, editor.dataset.away, "trouble");
  }
}

// The title is selected, so that the next thing that is typed replaces it.
function putPart({ text, lines }, start, words, title) {
  const { value } = text;
  const whole = start === value.length && value && !value.endsWith("\n") ? `\n${words}` : words;
  const from = start + whole.indexOf(title);
  replace(text, { start, end: start, words: whole, selection: [from, from + title.length] });
  lines.reveal(lineAt(text.value, from));
}

function openPicture(editor) {
  const box = editor.querySelector("[data-image]");
  box.open = true;
  box.querySelector("[data-image-file]").focus();
}

function offerWhileEmpty(button, text) {
  const show = () => { button.hidden = text.value.trim() !== ""; };
  text.addEventListener("input", show);
  show();
}

function moveByArrows(bar) {
  const all = [...bar.querySelectorAll("[data-tool]")];
  const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
  const enter = (current) => all.forEach((button) => { button.tabIndex = button === current ? 0 : -1; });
  enter(all[0]);
  bar.addEventListener("focusin", ({ target }) => enter(target));
  bar.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const shown = all.filter((button) => !button.hidden);
    const place = shown.indexOf(document.activeElement) + step;
    shown[Math.min(shown.length - 1, Math.max(0, place))].focus();
  });
}
