"use strict";
// Slow and broken networks: what is under way shows, what failed is told, what was typed stays, nothing is sent twice.
const notice = () => document.getElementById("network");
const RELEASED_AFTER = 8000;
const TOO_MANY = 429;
const SIGNED_OUT = 401;
let underWay = 0;

function tell(words) {
  const place = notice();
  place.textContent = place.dataset[words];
  place.hidden = false;
}

document.addEventListener("htmx:beforeRequest", () => {
  underWay += 1;
  document.documentElement.classList.add("loading");
});
document.addEventListener("htmx:afterRequest", (event) => {
  underWay = Math.max(0, underWay - 1);
  document.documentElement.classList.toggle("loading", underWay > 0);
  if (event.detail.successful) {
    notice().hidden = true;
  }
});
document.addEventListener("htmx:sendError", () => tell("unreachable"));
document.addEventListener("htmx:timeout", () => tell("unreachable"));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status !== TOO_MANY) {
    tell(status === SIGNED_OUT ? "signedOut" : "refused");
  }
});

// Listens last, so that a form that something else has stopped counts as not sent.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post]")) {
    return;
  }
  if (!navigator.onLine) {
    event.preventDefault();
    tell("unreachable");
  } else if (form.dataset.sent) {
    event.preventDefault();
  } else {
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
    // The answer may be a download, which leaves the page where it is.
    setTimeout(() => release(form), RELEASED_AFTER);
  }
});

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// Back from the next page: the form may be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
