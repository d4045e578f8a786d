// What a person writes, read as the office reads it: figures of any script, cards, sums.
"use strict";

window.Round = window.Round || {};

(function (Round) {
  const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66];
  const CARD = /^([A-Za-z]{1,4})?\s*[/\-. ]?\s*0*(\d{1,8})$/;
  const CARD_INSIDE = /(?:^|[^A-Za-z0-9])([A-Za-z]{1,4})[/\-. ]?0*(\d{1,8})(?![A-Za-z0-9])/;

  function westernDigits(text) {
    return Array.from(String(text), (sign) => {
      const code = sign.codePointAt(0);
      const zero = ZEROS.find((one) => code >= one && code < one + 10);
      return zero === undefined ? sign : String(code - zero);
    }).join("");
  }

  // "ka-54" is "KA/00054"; what is no card number stays as it was written.
  function readCard(text) {
    const plain = westernDigits(text).trim();
    const found = CARD.exec(plain) || CARD_INSIDE.exec(plain);
    if (!found) return plain.toUpperCase().slice(0, 40);
    return `${(found[1] || "KA").toUpperCase()}/${found[2].padStart(5, "0")}`;
  }

  function isCard(text) {
    return /^[A-Z]{1,4}\/\d{5,8}$/.test(readCard(text));
  }

  // What stands in a code: her card, or null for a link (a code to pay by) and anything else.
  function cardInCode(text) {
    const plain = String(text).trim();
    return /^[a-z][a-z0-9+.-]*:/i.test(plain) || !isCard(plain) ? null : readCard(plain);
  }

  // Paise, or null for what is no sum.
  function readAmount(text) {
    const found = /^₹?\s*(\d{1,6})(?:\.(\d{1,2}))?$/.exec(westernDigits(text).replace(/,/g, "").trim());
    if (!found) return null;
    const minor = Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0") || 0);
    return minor > 0 && minor <= 10000000 ? minor : null;
  }

  function showAmount(minor) {
    const whole = Math.floor(minor / 100);
    const rest = minor % 100;
    const rupees = String(whole).replace(/(\d)(?=(\d\d)+\d$)/g, "$1,");
    return rest ? `₹${rupees}.${String(rest).padStart(2, "0")}` : `₹${rupees}`;
  }

  function showTime(at) {
    const when = new Date(at);
    return [when.getHours(), when.getMinutes()].map((one) => String(one).padStart(2, "0")).join(":");
  }

  // The next white receipt after every number used, or null when the books are full.
  function nextNumber(books, nextNo, used) {
    const taken = new Set(used);
    for (const [first, last] of books) {
      let number = nextNo !== null && nextNo >= first && nextNo <= last ? nextNo : first;
      if (nextNo !== null && last < nextNo) continue;
      while (taken.has(number)) number += 1;
      if (number <= last) return number;
    }
    return null;
  }

  Round.read = { westernDigits, readCard, isCard, cardInCode, readAmount, showAmount, showTime, nextNumber };
})(window.Round);
