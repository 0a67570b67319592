// Shows the buttons that copy what stands beside them, such as the link of a class. They need a script.

import { copy } from "./clipboard.js";

for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const words = button.querySelector("[data-words]");
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const isCopied = await copy(source);
    words.textContent = isCopied ? button.dataset.copied : button.dataset.selected;
    setTimeout(() => { words.textContent = before; }, 3_000); // ms
  });
}
