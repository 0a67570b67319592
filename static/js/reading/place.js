// Tells the server where a learner leaves a text, and leads back there. The place is the last heading above the upper
// third of the window, and the number of blocks after it.

const text = document.querySelector("[data-place]");
const prose = text?.querySelector(".prose");
const resume = document.querySelector("[data-resume]");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;

if (prose && token) {
  let sent = "";
  let isDone = false;
  // Who has read the section to its end leaves no place in it.
  text.querySelector("form[data-reading]")?.addEventListener("submit", () => { isDone = true; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || isDone || !hasScrolled()) return;
    const place = placeNow();
    if (`${place.anchor} ${place.block}` === sent) return;
    sent = `${place.anchor} ${place.block}`;
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...place, csrfmiddlewaretoken: token })) form.set(name, value);
    navigator.sendBeacon(text.dataset.place, form);
  });
}

let hasMoved = false;
addEventListener("scroll", () => { hasMoved = true; }, { once: true, passive: true });

// A page that was only opened, or that was left at its beginning, says nothing.
function hasScrolled() {
  return hasMoved && prose.getBoundingClientRect().top < 0;
}

function placeNow() {
  const blocks = [...prose.children];
  const current = blocks.findLastIndex((block) => block.getBoundingClientRect().top < innerHeight / 3);
  const heading = blocks.slice(0, current + 1).findLastIndex((block) => block.matches("h2[id], h3[id], h4[id], h5[id], h6[id]"));
  return { anchor: blocks[heading]?.id ?? "", block: Math.max(0, current - Math.max(0, heading)) };
}

if (resume && prose) {
  const place = placeOf(resume);
  resume.hidden = !place;
  resume.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    place.scrollIntoView();
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });
}

// The block that was read, or its heading if the text is shorter now.
function placeOf({ dataset: { anchor, block } }) {
  const blocks = [...prose.children];
  const first = anchor ? blocks.findIndex((each) => each.id === anchor) : 0;
  return blocks[first + Number(block)] ?? blocks[first];
}
