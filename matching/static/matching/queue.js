"use strict";
// Keys of the verification queue; keys.js listens.
(() => {
  const PLACE = "chainmatch.queue-place";
  const reason = document.getElementById("bulk-reason");
  const rows = [...document.querySelectorAll("tr[data-line]")];
  const box = (row) => row.querySelector("input[name=line]");
  const place = () => rows.findIndex((row) => row.classList.contains("current"));

  function mark(row) {
    for (const other of rows) {
      other.classList.toggle("current", other === row);
    }
  }

  function show(row) {
    if (row) {
      mark(row);
      box(row).focus();
      row.scrollIntoView({ block: "nearest" });
    }
  }

  // The ticked lines, or else the current one.
  function choose() {
    if (!rows.some((row) => box(row).checked) && rows.length) {
      const row = rows[Math.max(place(), 0)];
      mark(row);
      box(row).checked = true;
    }
  }

  function verify() {
    choose();
    document.querySelector('button[name=action][value="verify"]')?.click();
  }

  function giveBack() {
    choose();
    reason?.focus();
  }

  singleKeys(
    {
      j: () => show(rows[place() + 1]),
      k: () => show(rows[place() - 1]),
      t: () => rows[place()] && box(rows[place()]).click(),
      o: () => rows[Math.max(place(), 0)]?.querySelector("a").click(),
      v: verify,
      r: giveBack,
    },
    (field) => field === reason && show(rows[Math.max(place(), 0)]),
  );

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-line]");
    if (row) {
      mark(row);
    }
  });

  // After a decision the line that has taken its place is at hand.
  reason?.form.addEventListener("submit", () => sessionStorage.setItem(PLACE, Math.max(place(), 0)));
  const before = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (before !== null && document.activeElement !== reason) {
    show(rows[Math.min(Number(before), rows.length - 1)]);
  }
})();
