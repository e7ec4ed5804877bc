"use strict";
// Keys of the review screen; keys.js listens.
(() => {
  const help = document.getElementById("keys");
  const decided = []; // cards that were decided on this page, the last one last
  let answered = null; // the decision that htmx is about to show
  let takeBack = null; // the card to reopen once its demand line is shown

  const cards = () => [...document.querySelectorAll("article.offer")];
  const current = () =>
    document.activeElement.closest("article.offer") || document.querySelector("article.offer.current") || cards()[0];
  const press = (card, action) => card?.querySelector(`button[value="${action}"]`)?.click();
  const say = (text) => {
    document.getElementById("spoken").textContent = text;
  };

  function mark(card) {
    for (const other of cards()) {
      other.classList.toggle("current", other === card);
    }
  }

  function show(card) {
    if (!card) {
      return;
    }
    for (const other of cards()) {
      other.querySelector("details.body").open = other === card;
    }
    mark(card);
    card.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = cards();
    const here = all.indexOf(document.querySelector("article.offer.current"));
    const inside = document.activeElement.closest("article.offer");
    show(inside ? all[here + by] : all[Math.max(here, 0)]);
  }

  function walk(by) {
    const items = [...document.querySelectorAll("[data-walk] a.demand-item")];
    const here = items.findIndex((item) => item.getAttribute("aria-current") === "true");
    const next = items[here + by];
    next?.focus();
    next?.click();
  }

  function reject(card) {
    const form = card?.querySelector("details.reject");
    if (form) {
      form.open = true;
      form.querySelector("input[name=reason]").focus();
    }
  }

  function undo() {
    takeBack = decided.pop();
    if (!takeBack) {
      say(help.dataset.nothing);
      return;
    }
    const card = document.getElementById(takeBack.card);
    if (card) {
      reopen(card);
    } else {
      document.getElementById(takeBack.demand)?.click();
    }
  }

  function reopen(card) {
    takeBack = null;
    show(card);
    press(card, "reopen");
  }

  function compare() {
    const boxes = cards().map((card) => card.querySelector("input[name=match]"));
    if (boxes.filter((box) => box?.checked).length < 2) {
      for (const box of boxes.slice(0, 3)) {
        box.checked = true;
      }
    }
    document.getElementById("compare")?.click();
  }

  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((place) => [place, () => show(cards()[place - 1])]);

  function leave(field) {
    const form = field.closest("details.reject");
    if (form) {
      form.open = false;
      form.closest("article.offer")?.focus();
    }
  }

  singleKeys(
    {
      ...Object.fromEntries(numbers),
      j: () => walk(1),
      k: () => walk(-1),
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      a: () => press(current(), "shortlist"),
      x: () => reject(current()),
      u: undo,
      c: compare,
      t: () => current()?.querySelector("input[name=match]")?.click(),
    },
    leave,
  );

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("article.offer");
    if (card) {
      mark(card);
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const card = event.detail.target?.id ?? "";
    if (card.startsWith("match-")) {
      answered = { card, ok: event.detail.successful, action: event.detail.requestConfig.formData.get("action") };
    }
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (answered) {
      settle(answered);
      answered = null;
      return;
    }
    mark(cards().find((card) => card.querySelector("details.body").open) || cards()[0]);
    if (takeBack && document.getElementById(takeBack.card)) {
      reopen(document.getElementById(takeBack.card));
    }
  });

  // After a decision the next undecided offer is at hand; a refusal keeps its card.
  function settle({ card, ok, action }) {
    const place = decided.findIndex((one) => one.card === card);
    if (place >= 0) {
      decided.splice(place, 1);
    }
    const here = document.getElementById(card);
    if (ok && action !== "reopen") {
      decided.push({ card, demand: document.querySelector("a.demand-item[aria-current]")?.id });
    }
    const all = cards();
    const after = all.slice(all.indexOf(here)).find((one) => one.querySelector('button[value="shortlist"]'));
    show((ok && action !== "reopen" && after) || here);
  }

  mark(cards().find((card) => card.querySelector("details.body").open) || cards()[0]);
})();
