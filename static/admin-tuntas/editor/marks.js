// Says how Markdown marks change a text: what stands between which places then, and what is selected.

const LEAD = /^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX=]\][ \t]+)?)*/;
const HEADING = /^([ \t]*)#{1,6}[ \t]+/;
const BULLET = /^([ \t]*)[-*+][ \t]+(?!\[[ xX=]\])/;
const NUMBER = /^([ \t]*)\d{1,9}[.)][ \t]+/;

// Puts a mark such as ** around what is selected, or around words that can be replaced. Pressed again, it takes it away.
export function wrapped({ value, selectionStart, selectionEnd }, mark, words) {
  const [start, end] = trimmed(value, selectionStart, selectionEnd);
  const chosen = value.slice(start, end);
  const size = mark.length;
  if (has(value.slice(0, start).match(/\**$/)[0], mark) && has(value.slice(end).match(/^\**/)[0], mark)) {
    return { start: start - size, end: end + size, words: chosen, selection: [start - size, end - size] };
  }
  if (chosen.includes("\n")) return everyLine(value, start, end, (line) => marked(line, mark));
  const inside = chosen || words;
  return { start, end, words: `${mark}${inside}${mark}`, selection: [start + size, start + size + inside.length] };
}

// Makes a link of what is selected. Its address is selected then, or its words where an address was selected.
export function linked({ value, selectionStart, selectionEnd }, words, address) {
  const [start, end] = trimmed(value, selectionStart, selectionEnd);
  const chosen = value.slice(start, end);
  const isAddress = /^(https?:\/\/|mailto:)\S+$/.test(chosen);
  const [inside, leadsTo] = isAddress ? [words, chosen] : [chosen || words, address];
  const from = isAddress || !chosen ? start + 1 : start + inside.length + 3;
  const size = isAddress || !chosen ? inside.length : leadsTo.length;
  return { start, end, words: `[${inside}](${leadsTo})`, selection: [from, from + size] };
}

export function headed(text, mark) {
  return prefixed(text, HEADING, () => `${mark} `);
}

export function bulleted(text) {
  return prefixed(text, BULLET, () => "- ", NUMBER);
}

export function numbered(text) {
  return prefixed(text, NUMBER, (count) => `${count}. `, BULLET);
}

// Begins the lines of the selection with a prefix in the place of another one, or takes it away if all of them have it.
function prefixed({ value, selectionStart, selectionEnd }, own, prefix, other = own) {
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const following = value.indexOf("\n", Math.max(selectionEnd - (selectionEnd > selectionStart), start));
  const end = following < 0 ? value.length : following;
  const lines = value.slice(start, end).split("\n");
  const filled = lines.filter((line) => line.trim() || lines.length === 1);
  const isOff = filled.every((line) => own.test(line));
  let count = 0;
  const changed = lines.map((line) => {
    if (!filled.includes(line)) return line;
    const bare = line.replace(own, "$1").replace(other, "$1");
    return isOff ? bare : bare.replace(/^[ \t]*/, (blanks) => `${blanks}${prefix((count += 1))}`);
  });
  const words = changed.join("\n");
  const selection = lines.length === 1 ? [start + words.length, start + words.length] : [start, start + words.length];
  return { start, end, words, selection };
}

function everyLine(value, start, end, change) {
  const words = value.slice(start, end).split("\n").map(change).join("\n");
  return { start, end, words, selection: [start, start + words.length] };
}

function marked(line, mark) {
  const [lead] = line.match(LEAD);
  const inside = line.slice(lead.length).trim();
  return inside ? `${lead}${mark}${inside}${mark}` : line;
}

// One asterisk is emphasis, two are strong, three are both.
function has(asterisks, mark) {
  return mark.length === 2 ? asterisks.length >= 2 : asterisks.length % 2 === 1;
}

function trimmed(value, start, end) {
  const chosen = value.slice(start, end);
  return chosen.trim() ? [start + chosen.search(/\S/), start + chosen.trimEnd().length] : [start, end];
}
