// Numbers the lines of a text box. A hidden copy of the text breaks its lines where the box does, and shows only numbers.

const MOST = 20_000; // lines with numbers; raised, typing in longer texts slows down
const LINES_ABOVE = 3; // of a line that one is led to

export function numberLines(editor, text) {
  const copy = editor.querySelector("[data-lines]");
  const marks = new Map();
  let shown = [];

  function draw() {
    const lines = text.value.split("\n");
    const isTooLong = lines.length > MOST;
    editor.classList.toggle("has-lines", !isTooLong);
    shown = isTooLong ? clear(copy) : change(copy, shown, lines);
    if (!CSS.supports("field-sizing", "content")) text.rows = Math.min(40, Math.max(18, lines.length + 1));
    fit();
  }

  // The copy is as wide as the box without its scroll bar, and reads in its direction.
  function fit() {
    copy.dir = getComputedStyle(text).direction;
    copy.style.inlineSize = `${text.clientWidth}px`;
    copy.scrollTop = text.scrollTop;
  }

  // Names lines with problems. `severities` maps lines to "error" or "warning".
  function mark(severities) {
    for (const line of marks.keys()) copy.children[line - 1]?.removeAttribute("data-severity");
    marks.clear();
    for (const [line, severity] of severities) {
      marks.set(line, severity);
      copy.children[line - 1]?.setAttribute("data-severity", severity);
    }
  }

  // Returns where a line begins, in pixels from the top of the text.
  function top(line) {
    const found = copy.children[line - 1];
    return found ? found.offsetTop : (text.scrollHeight / text.value.split("\n").length) * (line - 1);
  }

  // Scrolls to a line of which nothing is to be seen.
  function reveal(line) {
    const place = top(line) - text.scrollTop;
    if (place < 0 || place > text.clientHeight * .8) text.scrollTop = top(Math.max(1, line - LINES_ABOVE));
    text.scrollIntoView({ block: "nearest" });
  }

  text.addEventListener("input", draw);
  text.addEventListener("scroll", fit, { passive: true });
  new ResizeObserver(fit).observe(text);
  window.addEventListener("pageshow", draw); // a browser may have filled the box again
  draw();
  return { mark, reveal, top };
}

// Changes only the lines that differ, so that typing in a long text stays quick.
function change(copy, old, lines) {
  const shorter = Math.min(old.length, lines.length);
  let before = 0, after = 0;
  while (before < shorter && old[before] === lines[before]) before += 1;
  while (after < shorter - before && old.at(-1 - after) === lines.at(-1 - after)) after += 1;
  const gone = old.length - before - after;
  const next = copy.children[before + gone] ?? null;
  for (let left = gone; left > 0; left -= 1) copy.children[before].remove();
  const fresh = document.createDocumentFragment();
  for (const line of lines.slice(before, lines.length - after)) fresh.append(drawn(line));
  copy.insertBefore(fresh, next);
  return lines;
}

function drawn(line) {
  const element = document.createElement("div");
  element.textContent = line || "\u200b"; // an empty line is as high as any other
  return element;
}

function clear(copy) {
  copy.replaceChildren();
  return [];
}
