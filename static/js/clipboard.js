// Copies the text of an element. Tells whether it was copied.

// Browsers have a clipboard for scripts only over HTTPS. Elsewhere the text is selected and copied as by a person.
export async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}
