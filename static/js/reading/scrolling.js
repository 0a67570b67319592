// Takes the stop of the Tab key from what could scroll sideways and has room. Without this script, each has a stop.

const boxes = document.querySelectorAll(".prose [tabindex='0']");
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest(".table, pre, .maths");
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
});
// What is inside grows by itself when its font arrives.
for (const box of boxes) {
  observer.observe(box);
  if (box.firstElementChild) observer.observe(box.firstElementChild);
}
