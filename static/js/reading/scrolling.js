// Takes the stop of the Tab key from what could scroll sideways and has room. Without this script, each has a stop.

const boxes = document.querySelectorAll(".prose [tabindex='0']");
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth + 1) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of boxes) observer.observe(box);
