"use strict";
// Single keys of a page. A key only presses a link or a button that the page has anyway, and people can turn
// the keys off; `leave` is what Escape does in a field.
function singleKeys(actions, leave) {
  const STORED = "chainmatch.review-keys";
  const help = document.getElementById("keys");
  const enabled = document.getElementById("keys-on");
  const all = {
    ...actions,
    "?": () => {
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (field && event.key === "Escape") {
      leave(field);
      return;
    }
    if (field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !enabled.checked) {
      return;
    }
    if (Object.hasOwn(all, event.key)) {
      event.preventDefault();
      all[event.key]();
    }
  });

  enabled.checked = localStorage.getItem(STORED) !== "off";
  enabled.addEventListener("change", () => localStorage.setItem(STORED, enabled.checked ? "on" : "off"));
}
