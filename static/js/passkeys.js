// Creates and uses passkeys. A form with data-passkey="create" or "use" is hidden until the browser can.
// The options are those of the page (#passkey-options), or come from the address of the form.

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const ACTIONS = {
  create: (options) => navigator.credentials.create({ publicKey: forCreating(options.creation_options.publicKey) }),
  use: (options) => navigator.credentials.get({ publicKey: forUsing(options.request_options.publicKey) }),
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
  form.querySelector("[data-passkey-start]").addEventListener("click", () => start(form));
  // Enter in a field starts too, in place of sending a form without a passkey.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    start(form);
  });
}

async function start(form) {
  const button = form.querySelector("[data-passkey-start]");
  const trouble = form.querySelector("[data-passkey-trouble]");
  button.disabled = true;
  trouble.hidden = true;
  try {
    const credential = await ACTIONS[form.dataset.passkey](await optionsFor(form));
    form.elements.credential.value = JSON.stringify(asJson(credential));
    form.submit();
  } catch {
    trouble.hidden = false;
    button.disabled = false;
  }
}

async function optionsFor(form) {
  const inPage = document.getElementById("passkey-options");
  if (inPage) return JSON.parse(inPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return answer.json();
}

function forCreating(options) {
  return {
    ...options,
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: withKeys(options.excludeCredentials),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
}

function forUsing(options) {
  return { ...options, challenge: decode(options.challenge), allowCredentials: withKeys(options.allowCredentials) };
}

function withKeys(credentials = []) {
  return credentials.map((credential) => ({ ...credential, id: decode(credential.id) }));
}

function asJson(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = encode(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}
