// Puts a button into each block of code that copies it.

const template = document.querySelector("template[data-copy]");

for (const box of template ? document.querySelectorAll(".prose .code-box") : []) {
  const button = template.content.firstElementChild.cloneNode(true);
  const words = button.querySelector("[data-words]");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    words.textContent = (await copy(box.querySelector("code"))) ? button.dataset.copied : before;
    setTimeout(() => { words.textContent = before; }, 2_000); // ms
  });
  box.append(button);
}

// Browsers have a clipboard for scripts only over HTTPS. Elsewhere the code is selected and copied as by a person.
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return document.execCommand("copy");
  }
}
