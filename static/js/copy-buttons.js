// Shows the buttons that copy what stands beside them, such as the link of a class. They need a script.

for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  const words = button.querySelector("[data-words]");
  const before = words.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    words.textContent = (await copy(source)) ? button.dataset.copied : button.dataset.selected;
    setTimeout(() => { words.textContent = before; }, 3_000); // ms
  });
}

// Browsers have a clipboard for scripts only over HTTPS. Elsewhere the text is selected and copied as by a person.
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
