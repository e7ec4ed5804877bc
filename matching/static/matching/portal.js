"use strict";
// Comforts only: every page works without this file.
document.documentElement.classList.remove("no-js");

// A tick in the table's head ticks all its rows.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-check-all]")) {
    for (const other of document.querySelectorAll(`input[name="${box.dataset.checkAll}"]`)) {
      other.checked = box.checked;
    }
  }
  if (box.matches(".filters select")) {
    box.form.requestSubmit();
  }
});

// The chosen item of a two-pane page is marked at once.
document.addEventListener("htmx:beforeRequest", (event) => {
  const item = event.target.closest("a.demand-item");
  if (item) {
    for (const other of document.querySelectorAll("a.demand-item[aria-current]")) {
      other.removeAttribute("aria-current");
    }
    item.setAttribute("aria-current", "true");
  }
});

// A passkey that the browser refuses, or its owner cancels, is told on the page.
document.addEventListener("allauth.error", (event) => {
  const told = document.getElementById("passkey-problem");
  if (told) {
    event.preventDefault();
    told.hidden = false;
    told.focus();
  }
});

// Escape leaves a row that is being changed as it was.
document.addEventListener("keydown", (event) => {
  const leave = event.key === "Escape" && event.target.closest("form")?.querySelector("[data-escape]");
  if (leave) {
    leave.click();
  }
});

// A button copies the text of the element that it names and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
  }
});

// An open group of the menu closes when one goes elsewhere; Escape returns to its name.
const closeGroups = (kept) => {
  for (const group of document.querySelectorAll("details.group[open]")) {
    if (!group.contains(kept)) {
      group.open = false;
    }
  }
};
document.addEventListener("click", (event) => closeGroups(event.target));
document.addEventListener("keyup", (event) => {
  if (event.key === "Tab") {
    closeGroups(document.activeElement);
  }
  const group = event.key === "Escape" && document.activeElement.closest("details.group[open]");
  if (group) {
    group.open = false;
    group.querySelector("summary").focus();
  }
});
