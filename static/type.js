// A paper sheet typed without a mouse: Enter goes on, number and day run on, the sum runs along.
"use strict";

(function () {
  const form = document.querySelector("[data-typed]");
  if (!form) return;
  const running = form.querySelector("[data-running]");

  function cells() {
    return Array.from(form.querySelectorAll("tbody input"));
  }

  function minor(text) {
    const found = /^₹?\s*(\d+)(?:\.(\d{1,2}))?$/.exec(text.replace(/,/g, "").trim());
    return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0") || 0) : 0;
  }

  function addUp() {
    const sums = Array.from(form.querySelectorAll('input[name^="amount-"]'), (one) => minor(one.value));
    const sum = sums.reduce((all, one) => all + one, 0);
    const paise = sum % 100 ? `.${String(sum % 100).padStart(2, "0")}` : "";
    running.querySelector("output").textContent =
      `₹${Math.floor(sum / 100)}${paise} · ${sums.filter((one) => one > 0).length}`;
    running.hidden = false;
  }

  function addRow() {
    const rows = form.querySelectorAll("tbody tr:not(.why)");
    const last = rows[rows.length - 1];
    const number = rows.length + 1;
    const made = last.cloneNode(true);
    made.classList.remove("has-wrong");
    made.querySelectorAll("input").forEach((one) => {
      one.name = one.name.replace(/\d+$/, String(number));
      one.setAttribute("aria-label", one.getAttribute("aria-label").replace(/\d+$/, String(number)));
      one.removeAttribute("aria-describedby");
      one.value = "";
    });
    form.querySelector("tbody").append(made);
    form.elements.rows.value = String(number);
  }

  function beside(row, step) {
    const rows = Array.from(form.querySelectorAll("tbody tr:not(.why)"));
    return rows[rows.indexOf(row) + step];
  }

  function runOn(row) {
    const before = beside(row, -1);
    if (!before) return;
    const [receipt, day, card, amount] = row.querySelectorAll("input");
    const [receiptBefore, dayBefore] = before.querySelectorAll("input");
    const white = !card.value && !amount.value;
    if (white && /^\d+$/.test(receiptBefore.value)) receipt.value = String(Number(receiptBefore.value) + 1);
    if (!day.value) day.value = dayBefore.value;
  }

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || !event.target.closest("tbody")) return;
    event.preventDefault();
    if (event.target.name.startsWith("amount-") && !beside(event.target.closest("tr"), 1)) addRow();
    const all = cells();
    const next = all[all.indexOf(event.target) + 1];
    const row = next.closest("tr");
    runOn(row);
    const target = event.target.name.startsWith("amount-") ? row.querySelector('input[name^="card-"]') : next;
    target.focus();
    target.select();
  });
  form.addEventListener("input", addUp);
  addUp();
})();
