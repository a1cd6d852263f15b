"use strict";

// Sends the token of the mailed link when the button is pressed, and shows the result.

const form = document.querySelector("form[data-action]");
const button = form.querySelector("button");
const outcome = document.getElementById("outcome");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

// The token leaves the address bar and the history as soon as it is read.
history.replaceState(null, "", location.pathname);

function show(kind, text) {
  outcome.className = kind;
  outcome.textContent = text;
}

// The message of an error, in the form of any contract.
function messageOf(body) {
  if (body && Array.isArray(body.detail)) {
    return body.detail.map((error) => error.msg).join(" ");
  }
  return (body && (body.detail || (body.error && body.error.message) || body.message)) || "That did not work.";
}

// A link that was opened in another browser than the one that requested it voids the password, and an invited user has
// none. The owner sets a new one.
function offerToSetPassword(token) {
  const link = document.createElement("a");
  link.href = `/reset-password#token=${encodeURIComponent(token)}`;
  link.textContent = "Choose a new password";
  outcome.textContent = "Your address is verified. Now choose a password; one from before, if there was one, is void. ";
  outcome.append(link);
}

async function answerOf(response) {
  const body = await response.json().catch(() => null);
  if (response.ok) {
    return { kind: "success", text: form.dataset.success, token: body && body.set_password_token };
  }
  const wait = response.status === 429 && response.headers.get("Retry-After");
  return { kind: "failure", text: messageOf(body) + (wait ? ` Try again in ${wait} seconds.` : "") };
}

async function send(event) {
  event.preventDefault();
  const password = form.querySelector("[name=new_password]");
  const repeated = document.getElementById("repeated");
  if (password && password.value !== repeated.value) {
    show("failure", "The two passwords differ.");
    repeated.focus();
    return;
  }
  button.disabled = true;
  show("", "One moment…");
  try {
    const response = await fetch(form.dataset.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(password ? { token, new_password: password.value } : { token }),
    });
    const answer = await answerOf(response);
    form.hidden = answer.kind === "success";
    show(answer.kind, answer.text);
    if (answer.token) {
      offerToSetPassword(answer.token);
    }
  } catch {
    show("failure", "The server could not be reached.");
  } finally {
    button.disabled = false;
  }
}

if (token) {
  form.addEventListener("submit", send);
} else {
  form.hidden = true;
  show("failure", "This page works from the link in the mail only. Please open that link again.");
}
