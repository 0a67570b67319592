// Shows the time that is left, by the server's reckoning: how late it is on this machine makes no difference. Each answer
// that is stored brings it anew: somebody may have been given more time, and this machine may have slept.
// It is said aloud only when little is left, and can be hidden.

const ALOUD = [600, 300, 60]; // seconds that are left when it is said
const ASLEEP = 2_000; // ms by which the day's clock and the counting one drift apart
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
    if (detail === null) return;
    end = performance.now() + 1000 * detail;
    told = Math.max(told, secondsTo(end));
    isOver = false;
  });
  setInterval(tick, 1000);
  tick();

  function tick() {
    const slept = Date.now() - performance.now() - started;
    if (Math.abs(slept) > ASLEEP) {
      started += slept;
      ask();
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

  function hide(should) {
    face.hidden = should;
    toggle.textContent = should ? clock.dataset.show : clock.dataset.hide;
    toggle.setAttribute("aria-pressed", String(should));
  }
}

// How much time the server says is left: the counting stands still on some machines while they sleep.
async function ask() {
  try {
    const response = await fetch(location.href, { credentials: "same-origin" });
    const there = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-clock]");
    if (there) document.dispatchEvent(new CustomEvent("time-left", { detail: Number(there.dataset.secondsLeft) }));
    else if (response.redirected) document.dispatchEvent(new CustomEvent("time-up"));
  } catch { /* no network: the next answer that is stored says it */ }
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
