"use strict";

// Sends the token of the mailed link when the button is pressed, and shows the result.

const form = document.getElementById("confirmation");
const anotherMail = document.getElementById("another-mail");
const outcome = document.getElementById("outcome");
const wayOn = document.getElementById("way-on");
const showPassword = document.getElementById("show-password");
const texts = Object.fromEntries(
  [...document.getElementById("texts").content.querySelectorAll("[data-name]")].map((text) => [
    text.dataset.name,
    text.textContent,
  ]),
);
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

// A link that was opened in another browser than the one that requested it voids the password, and an invited user has
// none. The owner sets a new one.
function offerToSetPassword(token) {
  const link = document.createElement("a");
  link.href = `/reset-password#token=${encodeURIComponent(token)}`;
  link.textContent = texts.choose_password_link;
  outcome.textContent = `${texts.choose_password} `;
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
  const whereTo = `${sent.dataset.success} ${texts.reset_mailed} ${address}`;
  show("success", address ? whereTo : texts.without_address);
}

function showFailure(response, body, sent) {
  // Of the account contract.
  const errors = (body && body.errors) || [];
  if (sent.dataset.done && body && body.detail === sent.dataset.done) {
    succeed(sent, texts.already);
  } else if (response.status === 429) {
    show("failure", texts.too_many);
  } else if (sent === form && ([400, 401, 410].includes(response.status) || errors.some(isOfToken))) {
    giveUpLink(texts.link_invalid);
  } else {
    const others = errors.filter((error) => !showBeside(error.claim, texts[error.rule] || error.detail));
    show("failure", errors.length > 0 && others.length === 0 ? "" : texts.failed);
    const first = document.querySelector("[aria-invalid]");
    if (first) {
      first.focus();
    }
  }
}

function isOfToken(error) {
  return error.claim === "token";
}

function succeed(sent, text) {
  sent.hidden = true;
  show("success", text);
  wayOn.hidden = sent !== form;
}

function post(action, content) {
  return fetch(action, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(content),
  });
}

// The page of an undo lists what it would do, in place of its first, general item. Without an answer that item stays.
async function listEffects(list) {
  const response = await post(list.dataset.action, { token });
  const body = await response.json();
  if (response.status === 400) {
    giveUpLink(texts.link_invalid);
  }
  if (!response.ok) {
    return;
  }
  const items = body.effects.map((effect) => {
    const item = document.createElement("li");
    item.textContent = effect.title;
    return item;
  });
  list.firstElementChild.replaceWith(...items);
  const changedAt = document.getElementById("changed-at");
  const time = changedAt.querySelector("time");
  time.dateTime = body.changed_at;
  const style = { dateStyle: "long", timeStyle: "short" };
  time.textContent = new Date(body.changed_at).toLocaleString(document.documentElement.lang, style);
  changedAt.hidden = false;
}

async function send(sent, content) {
  const button = sent.querySelector("button");
  button.disabled = true;
  clearFields();
  show("", texts.moment);
  try {
    const response = await post(sent.dataset.action, content);
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
    show("failure", texts.unreachable);
  } finally {
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const password = form.querySelector("[name=password]");
  const repeated = document.getElementById("repeated");
  if (password && password.value !== repeated.value) {
    clearFields();
    showBeside("repeated", texts.differ);
    repeated.focus();
    return;
  }
  send(form, password ? { token, password: password.value } : { token });
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

const effects = document.getElementById("effects");

if (!token) {
  giveUpLink(texts.without_link);
} else if (effects) {
  listEffects(effects).catch(() => {});
}
