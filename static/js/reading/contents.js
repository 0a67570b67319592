// Marks in the contents beside the text which heading is being read.

const contents = document.querySelector("[data-follows]");
const links = [...(contents?.querySelectorAll("li a") ?? [])];
const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

if (links.length && headings.every(Boolean)) {
  contents.dataset.followed = "";
  let isWaiting = false;
  const follow = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      mark();
    });
  };
  addEventListener("scroll", follow, { passive: true });
  addEventListener("resize", follow);
  mark();
}

// The heading that is being read is the last one above the upper third of the window, or none before the first.
function mark() {
  const current = headings.findLastIndex((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  for (const [place, link] of links.entries()) {
    if (place === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
