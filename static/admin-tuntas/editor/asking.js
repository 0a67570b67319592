// Asks the server, and reads its answers.

export function send(address, fields, signal) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  return fetch(address, { method: "POST", body, signal, headers: { "X-CSRFToken": token } });
}

// Our own endpoints answer in plain text; whatever else comes, such as a page of a proxy, is no sentence to show.
export function sentence(answer, body) {
  return (answer.headers.get("Content-Type") ?? "").startsWith("text/plain") ? body : "";
}

// Asks where a new section or question belongs in a text, and with which words it begins.
export function newPart(editor, content, line, kind) {
  return send(editor.dataset.partUrl, { content, which: editor.dataset.which, line, kind });
}
