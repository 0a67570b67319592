// Shows the time that is left. The server computes it, so a wrong clock on this machine does not matter. The reply to each
// stored answer brings it again, because an instructor may have given more time, and this machine may have slept.
// Screen readers announce it only when little is left. The learner can hide it.

const ALOUD = [600, 300, 60]; // seconds left at which screen readers announce the time
const ASLEEP = 2_000; // ms between the clock of the day and the counting clock from which the machine has slept
const MOVED = 30_000; // ms by which the end has to move before the page asks for its new words
const TOLERANCE = 6.5; // seconds: 5 in which the server accepts messages that were sent in time, and 1.5 for their way

for (const clock of document.querySelectorAll("[data-clock]")) {
  let end = performance.now() + 1000 * Number(clock.dataset.secondsLeft);
  const [face, voice, toggle] = ["[data-face]", "[data-voice]", "[data-toggle]"].map((part) => clock.querySelector(part));
  let lastLeft = secondsTo(end); // seconds at the last tick
  let isOver = false;
  let started = Date.now() - performance.now();
  hide(isHidden());
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    try { localStorage.setItem("clock", isHidden() ? "shown" : "hidden"); } catch { /* the choice then lasts for this page only */ }
    hide(!face.hidden);
  });
  document.addEventListener("time-left", ({ detail }) => {
    clock.hidden = isOver = detail === null; // an instructor has removed the limit
    if (detail === null) return;
    const before = end;
    end = performance.now() + 1000 * detail;
    if (Math.abs(end - before) > MOVED) withFreshClock(showUntil);
    lastLeft = Math.max(lastLeft, secondsTo(end));
  });
  setInterval(tick, 1000);
  tick();

  function tick() {
    const slept = Date.now() - performance.now() - started;
    if (Math.abs(slept) > ASLEEP) {
      started += slept;
      withFreshClock(announceTimeLeft);
    }
    const left = secondsTo(end);
    const isUp = left <= 0;
    face.textContent = isUp ? clock.dataset.up : inDigits(left);
    if (isUp) face.hidden = false;
    const announced = ALOUD.find((seconds) => left <= seconds && lastLeft > seconds);
    if (isUp && lastLeft > 0) voice.textContent = clock.dataset.up;
    else if (announced) voice.textContent = clock.dataset.aloud.replace("{minutes}", announced / 60);
    lastLeft = left;
    if (isOver || left > -TOLERANCE) return;
    isOver = true;
    // js/answers.js sends the answers that are still unsent. Then the server closes the attempt.
    document.dispatchEvent(new CustomEvent("time-up"));
  }

  function showUntil(freshClock) {
    if (freshClock) clock.querySelector("[data-until]").textContent = freshClock.querySelector("[data-until]").textContent;
  }

  function hide(should) {
    face.hidden = should;
    toggle.textContent = should ? clock.dataset.show : clock.dataset.hide;
    toggle.setAttribute("aria-pressed", String(should));
  }
}

// Loads this page again and calls `use` with its clock, or with null, and with whether the server redirected elsewhere.
async function withFreshClock(use) {
  try {
    const response = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    use(page.querySelector("[data-clock]"), response.redirected);
  } catch { /* no network: the reply to the next stored answer says it */ }
}

// Announces the time that is left on the server, because the counting clock of some machines stops while they sleep.
function announceTimeLeft(freshClock, isElsewhere) {
  if (freshClock) document.dispatchEvent(new CustomEvent("time-left", { detail: Number(freshClock.dataset.secondsLeft) }));
  else if (isElsewhere) document.dispatchEvent(new CustomEvent("time-up"));
}

function isHidden() {
  try { return localStorage.getItem("clock") === "hidden"; } catch { return false; }
}

function secondsTo(end) {
  return Math.round((end - performance.now()) / 1000);
}

function inDigits(seconds) {
  const [hours, minutes, left] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(left)}` : `${minutes}:${two(left)}`;
}
