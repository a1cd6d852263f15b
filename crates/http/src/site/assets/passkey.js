"use strict";

// Signs in with a passkey on a page of an application. The browser's answer is sent as a form, so the server decides which page
// comes next. Without this script, or in a browser without passkeys, the page has no button for it.

const form = document.getElementById("passkey");
const outcome = document.getElementById("outcome");
const texts = document.getElementById("texts").content;

function show(kind, name) {
  outcome.className = kind;
  outcome.textContent = texts.querySelector(`[data-name="${name}"]`).textContent;
}

async function signIn() {
  const response = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!response.ok) {
    show("failure", response.status === 429 ? "too_many" : "failed");
    return false;
  }
  const { options } = await response.json();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
  return true;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  show("", "moment");
  try {
    button.disabled = await signIn();
  } catch (error) {
    show("failure", error instanceof TypeError ? "unreachable" : "failed");
    button.disabled = false;
  }
});

form.hidden = !(window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON);
