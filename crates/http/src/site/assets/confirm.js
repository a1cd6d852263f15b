"use strict";

// Sends the token of the mailed link when the button is pressed, and shows the result.

const form = document.getElementById("confirmation");
const anotherMail = document.getElementById("another-mail");
const outcome = document.getElementById("outcome");
const wayOn = document.getElementById("way-on");
const showPassword = document.getElementById("show-password");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

// The token leaves the address bar and the history as soon as it is read.
history.replaceState(null, "", location.pathname);

function show(kind, text) {
  outcome.className = kind;
  outcome.textContent = text;
}

// Shows a message beside the field that it is about; false if this page has no such field.
function showBeside(name, text) {
  const field = document.querySelector(`[name="${CSS.escape(name)}"]`) || document.getElementById(name);
  const place = field && document.getElementById(`${field.id}-error`);
  if (!place) {
    return false;
  }
  field.setAttribute("aria-invalid", "true");
  place.textContent = [place.textContent, text].filter(Boolean).join(" ");
  return true;
}

function clearFields() {
  for (const place of document.querySelectorAll("[id$='-error']")) {
    place.textContent = "";
  }
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
  }
}

// The errors of fields in a body, in the form of any contract.
function fieldErrorsOf(body) {
  const sentence = (reason) => `${reason.charAt(0).toUpperCase()}${reason.slice(1).replace(/\.$/, "")}.`;
  if (body && Array.isArray(body.detail)) {
    return body.detail.map((error) => ({ field: String(error.loc[error.loc.length - 1]), text: sentence(error.msg) }));
  }
  const errors = body && body.error && body.error.details && body.error.details.errors;
  return (errors || []).map((error) => ({ field: error.field, text: sentence(error.reason) }));
}

// The message of an error, in the form of any contract.
function messageOf(body) {
  const detail = body && typeof body.detail === "string" && body.detail;
  return detail || (body && ((body.error && body.error.message) || body.message)) || "That did not work.";
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

// The link can no longer be used.
function giveUpLink(text) {
  form.hidden = true;
  show("failure", text);
  if (anotherMail) {
    anotherMail.hidden = false;
  }
}

// An undo tells where the mail for a new password went, if it went anywhere.
function showUndone(sent, address) {
  const whereTo = `${sent.dataset.success} The mail for it went to ${address}.`;
  show("success", address ? whereTo : sent.dataset.withoutAddress);
}

function showFailure(response, body, sent) {
  const errors = fieldErrorsOf(body);
  const others = errors.filter((error) => !showBeside(error.field, error.text)).map((error) => error.text);
  const message = messageOf(body);
  if (sent.dataset.done && message === sent.dataset.done) {
    succeed(sent, `${message}.`);
  } else if (errors.length > 0) {
    show("failure", others.join(" "));
    const first = document.querySelector("[aria-invalid]");
    if (first) {
      first.focus();
    }
  } else if (sent === form && [400, 401, 410].includes(response.status)) {
    giveUpLink(`${message.replace(/\.$/, "")}.`);
  } else {
    show("failure", message);
  }
}

function succeed(sent, text) {
  sent.hidden = true;
  show("success", text);
  wayOn.hidden = sent !== form;
}

async function send(sent, content) {
  const button = sent.querySelector("button");
  button.disabled = true;
  clearFields();
  show("", "One moment…");
  try {
    const response = await fetch(sent.dataset.action, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(content),
    });
    const body = await response.json().catch(() => null);
    if (!response.ok) {
      showFailure(response, body, sent);
      return;
    }
    succeed(sent, sent.dataset.success);
    if (body && body.reset_mailed_to !== undefined) {
      showUndone(sent, body.reset_mailed_to);
    }
    if (body && body.set_password_token) {
      wayOn.hidden = true;
      offerToSetPassword(body.set_password_token);
    }
  } catch {
    show("failure", "The server could not be reached.");
  } finally {
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const password = form.querySelector("[name=new_password]");
  const repeated = document.getElementById("repeated");
  if (password && password.value !== repeated.value) {
    clearFields();
    showBeside("repeated", "The two passwords differ.");
    repeated.focus();
    return;
  }
  send(form, password ? { token, new_password: password.value } : { token });
});

if (anotherMail) {
  anotherMail.addEventListener("submit", (event) => {
    event.preventDefault();
    send(anotherMail, { email: document.getElementById("email").value });
  });
}

if (showPassword) {
  showPassword.addEventListener("change", () => {
    for (const id of ["new-password", "repeated"]) {
      document.getElementById(id).type = showPassword.checked ? "text" : "password";
    }
  });
}

if (!token) {
  giveUpLink("This page works from the link in the mail only. Please open that link again.");
}
