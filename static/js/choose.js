// Chooses answers by keyboard. js/answers.js calls it for each key.

// Chooses an answer by the digits 1 to 9. Arrows move from one box to the next, as browsers do for radio buttons.
function choose(form, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches?.("input[type=text], textarea, select, [contenteditable]")) return;
  if (form.inert) return;
  const inputs = [...form.querySelectorAll("[data-options] input")];
  const focused = inputs.indexOf(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && focused >= 0 && event.target.type === "checkbox") {
    event.preventDefault();
    inputs[(focused + step + inputs.length) % inputs.length].focus();
  }
  const input = /^[1-9]$/.test(event.key) && inputs[Number(event.key) - 1];
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.click();
}
