"use strict";
// A form on a poor network: what is typed is kept in this tab until the server has taken it, and is sent again by
// itself. htmx sends it; without scripts it is sent as any other form.
const TRY_AGAIN_AFTER = 5000;
const keyOf = (form) => `keep:${form.dataset.keep}`;
const keptForm = (event) => event.target.closest?.("form[data-keep]");
let timer = 0;

function fieldsOf(form) {
  const typed = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "seen");
  return JSON.stringify(typed);
}

function say(form, words) {
  const told = form.querySelector("[data-keep-told]");
  told.textContent = words;
  told.hidden = !words;
}

function fill(form, written) {
  form.querySelectorAll("[type=checkbox], [type=radio]").forEach((box) => {
    box.checked = false;
  });
  for (const [name, value] of JSON.parse(written)) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = field.checked || field.value === value;
      } else {
        field.value = value;
      }
    }
  }
}

function fillAgain() {
  const form = document.querySelector("form[data-keep]");
  const written = form && sessionStorage.getItem(keyOf(form));
  // A form that the server has answered holds what was typed already.
  if (written && !form.querySelector(".is-invalid, .alert-danger") && written !== fieldsOf(form)) {
    fill(form, written);
    say(form, form.dataset.keepRestored);
  }
}

function sendAgain(form) {
  clearTimeout(timer);
  timer = 0;
  if (form.isConnected) {
    form.requestSubmit();
  }
}

function keep(event) {
  const form = keptForm(event);
  if (form) {
    sessionStorage.setItem(keyOf(form), fieldsOf(form));
  }
}

document.addEventListener("input", keep);
document.addEventListener("htmx:beforeRequest", keep);
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    const form = keptForm(event);
    if (form) {
      say(form, form.dataset.keepWaiting);
      timer = setTimeout(() => sendAgain(form), TRY_AGAIN_AFTER);
    }
  });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const form = requestConfig?.elt?.closest?.("form[data-keep]");
  if (form && xhr.status === 200) {
    sessionStorage.removeItem(keyOf(form));
  }
});
window.addEventListener("online", () => {
  const form = document.querySelector("form[data-keep]");
  if (timer && form) {
    sendAgain(form);
  }
});
fillAgain();
