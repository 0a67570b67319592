// The editor: a text box with line numbers and tools, and beside it what learners will see and what has to be mended.
// Without this script it is a plain text box. The text changes only by what a person types, presses, drops or pastes.

import { numberLines } from "./editor/lines.js";
import { continueLists } from "./editor/lists.js";
import { droppedPictures, pictureFields } from "./editor/pictures.js";
import { showPreview } from "./editor/preview.js";
import { followCaret } from "./editor/follow.js";
import { jumpToLines, listProblems, tellOlderLists } from "./editor/problems.js";
import { noteCaret } from "./editor/text.js";
import { useTools } from "./editor/tools.js";

const editors = [...document.querySelectorAll("[data-editor]")].map(attach);
jumpToLines(editors);

function attach(editor) {
  const text = editor.querySelector("textarea");
  editor.classList.add("is-live");
  noteCaret(text);
  const lines = numberLines(editor, text);
  const follow = followCaret(editor, text, lines);
  const list = listProblems(editor, lines);
  tellOlderLists(text);
  continueLists(text);
  useTools(editor, text, lines);
  if (editor.dataset.target) pictureFields(editor, text);
  droppedPictures(editor, text);
  showPreview(editor, text, (answer) => {
    list(answer);
    follow();
  });
  return { editor, text, lines, follow };
}
