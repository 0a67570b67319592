// Shows that a button was pressed while the next page is on its way, and keeps a second press from doing it again.
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button:not([type=button])");
  const words = button.innerHTML;
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-busy") === "true") event.preventDefault();
    button.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
  });
  window.addEventListener("pageshow", () => { // also when the learner comes back to this page
    button.removeAttribute("aria-busy");
    button.innerHTML = words;
  });
}
