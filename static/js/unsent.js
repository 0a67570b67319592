// Keeps the answers of an attempt in this browser. js/answers.js and js/kept-questions.js call these functions.

// Keeps unsent answers by slot: { answer, words, flag, sequence, base, tried, at, url, refused }. `base` is the number of
// the answer that this one follows. If the server has a later answer, from another window or device, this one does not
// replace it without asking. `tried` holds the traces of messages that were sent and never acknowledged. The server may
// have stored them. `refused` names the words that say why an answer is no longer sent automatically.
function unsentOf(attempt) {
  const name = `unsent-${attempt}`;
  let memory = {}; // answers that the browser's storage refuses, because it is full or closed; lost with the page
  const items = () => Object.entries({ ...stored(name), ...memory }).filter(([, item]) => item)
    .map(([slot, item]) => [slot, { tried: [], ...item }]); // an earlier version of this script stored no `tried`
  const put = (slot, item) => {
    const text = JSON.stringify({ ...Object.fromEntries(items()), [slot]: item });
    try {
      if (text === "{}") localStorage.removeItem(name);
      else localStorage.setItem(name, text);
      memory = {};
    } catch { memory[slot] = item; }
  };
  return {
    put,
    get: (slot) => Object.fromEntries(items())[slot],
    drop: (slot) => put(slot, undefined),
    waiting: () => items().filter(([, item]) => !item.refused),
    refused: () => items().filter(([, item]) => item.refused),
    late: () => items().filter(([, item]) => item.refused === "wasLate"),
    isForgetful: () => Object.values(memory).some(Boolean),
  };
}

// Keeps the answers that the server has acknowledged, by slot: { answer, flag, sequence, savedAt }. A kept question is
// older than they are, so it is shown with them. The answer with the higher number is the later one.
function acknowledgedOf(attempt) {
  const name = `acknowledged-${attempt}`;
  let memory = stored(name);
  return {
    get: (slot) => memory[slot],
    all: () => Object.entries(memory),
    put: (slot, item) => {
      memory = { ...stored(name), ...memory, [slot]: item };
      try { localStorage.setItem(name, JSON.stringify(memory)); } catch { /* then it lasts for this page only */ }
    },
  };
}

function stored(name) {
  try { return JSON.parse(localStorage.getItem(name)) ?? {}; } catch { return {}; }
}

// Forgets an attempt that takes no more answers. Answers that the server does not have yet stay.
function forgetAttempt(attempt) {
  try { localStorage.removeItem(`acknowledged-${attempt}`); } catch { /* this browser stores nothing */ }
  globalThis.caches?.delete(`attempt-${attempt}`).catch(() => {});
}
