// Shows the time that is left, by the server's reckoning: how late it is on this machine makes no difference. Each answer
// that is stored brings it anew: somebody may have been given more time, and this machine may have slept.
// It is said aloud only when little is left, and can be hidden.

const ALOUD = [600, 300, 60]; // seconds that are left when it is said
const ASLEEP = 2_000; // ms by which the day's clock and the counting one drift apart
const MOVED = 30_000; // ms by which the end is another one, so that what the page says of it is out of date
const TOLERANCE = 6.5; // seconds for which the server takes what was sent in time, and one and a half for the way

for (const clock of document.querySelectorAll("[data-clock]")) {
  let end = performance.now() + 1000 * Number(clock.dataset.secondsLeft);
  const [face, voice, toggle] = ["[data-face]", "[data-voice]", "[data-toggle]"].map((one) => clock.querySelector(one));
  let told = secondsTo(end);
  let isOver = false;
  let started = Date.now() - performance.now();
  hide(isHidden());
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    try { localStorage.setItem("clock", isHidden() ? "shown" : "hidden"); } catch { /* then only for this page */ }
    hide(!face.hidden);
  });
  document.addEventListener("time-left", ({ detail }) => {
    clock.hidden = isOver = detail === null; // somebody has taken the limit away
    if (detail === null) return;
    const before = end;
    end = performance.now() + 1000 * detail;
    if (Math.abs(end - before) > MOVED) ask(sayUntil);
    told = Math.max(told, secondsTo(end));
  });
  setInterval(tick, 1000);
  tick();

  function tick() {
    const slept = Date.now() - performance.now() - started;
    if (Math.abs(slept) > ASLEEP) {
      started += slept;
      ask(tellTimeLeft);
    }
    const left = secondsTo(end);
    const isUp = left <= 0;
    face.textContent = isUp ? clock.dataset.up : inDigits(left);
    if (isUp) face.hidden = false;
    const now = ALOUD.find((seconds) => left <= seconds && told > seconds);
    if (isUp && told > 0) voice.textContent = clock.dataset.up;
    else if (now) voice.textContent = clock.dataset.aloud.replace("{minutes}", now / 60);
    told = left;
    if (isOver || left > -TOLERANCE) return;
    isOver = true;
    // js/answers.js sends what is still unsent; then the server says what becomes of the attempt.
    document.dispatchEvent(new CustomEvent("time-up"));
  }

  function sayUntil(there) {
    if (there) clock.querySelector("[data-until]").textContent = there.querySelector("[data-until]").textContent;
  }

  function hide(should) {
    face.hidden = should;
    toggle.textContent = should ? clock.dataset.show : clock.dataset.hide;
    toggle.setAttribute("aria-pressed", String(should));
  }
}

// Does something with the clock of this page as the server has it now, if it has one.
async function ask(deed) {
  try {
    const response = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    deed(page.querySelector("[data-clock]"), response.redirected);
  } catch { /* no network: the next answer that is stored says it */ }
}

// How much time the server says is left: the counting stands still on some machines while they sleep.
function tellTimeLeft(there, isElsewhere) {
  if (there) document.dispatchEvent(new CustomEvent("time-left", { detail: Number(there.dataset.secondsLeft) }));
  else if (isElsewhere) document.dispatchEvent(new CustomEvent("time-up"));
}

function isHidden() {
  try { return localStorage.getItem("clock") === "hidden"; } catch { return false; }
}

function secondsTo(end) {
  return Math.round((end - performance.now()) / 1000);
}

function inDigits(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
