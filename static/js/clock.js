// Shows the time that is left. The server says how much that is, and a clock that only runs forward counts from there, so
// the clock of this machine is never believed. The reply to each stored answer brings the time again, because an instructor
// may have given more, and this machine may have slept. Little time is said in colour and words, and aloud once.

const ASLEEP = 2_000; // ms between the clock of the day and the counting clock from which the machine has slept
const MOVED = 30_000; // ms by which the end has to move before the page asks for its new words
const TOLERANCE = 6.5; // seconds: 5 in which the server accepts messages that were sent in time, and 1.5 for their way

for (const clock of document.querySelectorAll("[data-clock]")) {
  const { dataset } = clock;
  const [face, step, voice] = ["[data-face]", "[data-step]", "[data-voice]"].map((part) => clock.querySelector(part));
  const whole = Math.max(Number(dataset.secondsInAll), Number(dataset.secondsLeft));
  const [soon, last] = stepsOf(whole);
  let end = performance.now() + 1000 * secondsLeftOf(dataset);
  let isSure = !("kept" in dataset); // a kept page was made earlier: only the next reply says how much is left
  let lastLeft = Infinity; // seconds at the last tick
  let [isZero, isOver, isUnlimited] = [false, false, false];
  let started = Date.now() - performance.now();
  document.addEventListener("time-left", ({ detail }) => {
    clock.hidden = isOver = isUnlimited = detail === null; // an instructor has removed the limit
    if (isUnlimited) return setZero(false);
    const before = end;
    end = performance.now() + 1000 * detail;
    isSure = true;
    if (Math.abs(end - before) > MOVED) withFreshClock(showUntil);
    return tick();
  });
  addEventListener("online", () => { if (!isSure) withFreshClock(announceTimeLeft); });
  setInterval(tick, 1000);
  tick();

  function tick() {
    const slept = Date.now() - performance.now() - started;
    if (Math.abs(slept) > ASLEEP) {
      started += slept;
      withFreshClock(announceTimeLeft);
    }
    const left = secondsTo(end);
    show(left);
    say(left);
    lastLeft = left;
    setZero(left <= 0 && isSure && !isUnlimited);
    if (isOver || !isSure || left > -TOLERANCE) return;
    isOver = true;
    // js/answers.js sends the answers that are still unsent. Then the server closes the attempt.
    document.dispatchEvent(new CustomEvent("time-up"));
  }

  function show(left) {
    const [isUp, isLast] = [left <= 0, left <= last];
    clock.classList.toggle("soon", left <= soon && !isLast);
    clock.classList.toggle("last", isLast);
    face.textContent = isUp ? dataset.up : inDigits(left, dataset.between);
    step.textContent = isUp ? "" : isLast ? (whole > 60 ? dataset.last : dataset.nearly) : "";
    clock.querySelector("[data-until]").hidden = isLast;
  }

  function say(left) {
    if (left <= 0) {
      if (lastLeft > 0) voice.textContent = dataset.up;
      return;
    }
    const at = [last, soon].find((seconds) => left <= seconds && lastLeft > seconds);
    const isNew = lastLeft !== Infinity || left === at; // a page that opens with little time shows it, and says it at the next step
    if (at && isNew) voice.textContent = timeAloud(left, dataset);
  }

  // js/answers.js closes the form at zero, and opens it if there is more time after all.
  function setZero(isUp) {
    if (isUp === isZero) return;
    isZero = isUp;
    document.dispatchEvent(new CustomEvent("time-zero", { detail: isUp }));
  }

  function showUntil(freshClock) {
    if (freshClock) clock.querySelector("[data-until]").textContent = freshClock.querySelector("[data-until]").textContent;
  }
}

// Returns the seconds at which little time is left, and very little: 5 minutes and 1 minute, or less of a short limit.
function stepsOf(whole) {
  if (whole <= 60) return [30, 10];
  return [whole > 600 ? 300 : Math.max(60, whole / 5), 60];
}

// A kept page is older than it looks. Its time is counted down by the clock of the day until the server says better.
function secondsLeftOf({ secondsLeft, kept }) {
  const since = kept ? Math.max(0, (Date.now() - Number(kept)) / 1000) : 0;
  return Math.max(kept ? 0 : -Infinity, Number(secondsLeft) - since);
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

function secondsTo(end) {
  return Math.round((end - performance.now()) / 1000);
}

function timeAloud(seconds, { minutesLeft, secondsLeftWords }) {
  return seconds >= 60 ? minutesLeft.replace("{n}", Math.round(seconds / 60)) : secondsLeftWords.replace("{n}", seconds);
}

function inDigits(seconds, between) {
  const [hours, minutes, left] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return (hours ? [hours, two(minutes), two(left)] : [minutes, two(left)]).join(between);
}
