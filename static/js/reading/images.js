// Opens a wide image on this page, over the text. Without this script, its link leads to the image.

const dialog = document.querySelector("dialog[data-lightbox]");
const frame = dialog?.querySelector("[data-frame]");

for (const link of dialog ? document.querySelectorAll("a.enlarge") : []) {
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the reader wants another tab or window
    event.preventDefault();
    open(link);
  });
}

function open(link) {
  const small = link.querySelector("img");
  const image = new Image();
  image.src = link.href;
  image.alt = small.alt;
  image.addEventListener("click", () => frame.classList.toggle("whole"));
  frame.classList.remove("whole");
  frame.replaceChildren(image);
  dialog.querySelector("[data-caption]").textContent = small.alt;
  dialog.showModal();
}

// The button closes by itself, and so does Escape. A press beside the image closes, too.
frame?.addEventListener("click", (event) => {
  if (event.target === frame) dialog.close();
});
