// The button that keeps a module for reading without a network.
import { canKeep, dropModule, isKept, keepModule } from "./kept.js";

for (const box of document.querySelectorAll("[data-keep-module]")) {
  const { slug } = box.dataset;
  const [keep, drop, status] = ["[data-keep]", "[data-drop]", "[data-keep-status]"].map((part) => box.querySelector(part));
  const show = (words) => {
    status.textContent = words;
    keep.hidden = isKept(slug);
    drop.hidden = !isKept(slug);
  };
  if (canKeep) {
    box.hidden = false;
    show(isKept(slug) ? box.dataset.kept : "");
  }
  keep.addEventListener("click", async () => {
    keep.setAttribute("aria-busy", "true");
    status.textContent = box.dataset.keeping;
    const isDone = await keepModule(slug).catch(() => false);
    keep.removeAttribute("aria-busy");
    show(isDone ? box.dataset.kept : box.dataset.failed);
    if (isDone) drop.focus();
  });
  drop.addEventListener("click", async () => {
    await dropModule(slug);
    show("");
    keep.focus();
  });
}
