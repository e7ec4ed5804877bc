"use strict";
// A file may be dropped on the form; without this script it is chosen in the field.
for (const frame of document.querySelectorAll("form[data-drop]")) {
  const field = frame.querySelector("input[type=file]");
  const hint = frame.querySelector("[data-drop-hint]");
  const over = (event) => {
    event.preventDefault();
    frame.classList.toggle("dropping", event.type === "dragover");
  };
  frame.addEventListener("dragover", over);
  frame.addEventListener("dragleave", over);
  frame.addEventListener("drop", (event) => {
    over(event);
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      hint.textContent = field.files[0].name;
    }
  });
}
