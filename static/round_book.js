// The book while it is open: its key lives here and nowhere else, until the page is left or locked.
"use strict";

window.Round = window.Round || {};

(function (Round) {
  const DAY_MS = 24 * 3600 * 1000;
  const MOST_TRIES = 10;
  const LEAST_PIN = 6;
  let key = null;
  let version = 0;
  let book = null;

  // "none", "locked" or "open"; a book older than a day is gone before anybody is asked for a PIN.
  async function state() {
    const lock = await Round.keep.get("lock");
    if (lock && Date.now() >= lock.endsAt) await end();
    if (!(await Round.keep.get("lock"))) return "none";
    return book ? "open" : "locked";
  }

  // Nothing more is written in this book; its white receipts may go elsewhere once all is sent.
  async function over() {
    const way = await Round.keep.get("way");
    if (way) await Round.keep.put({ ...way, ended: true });
  }

  async function end() {
    await over();
    await Round.keep.wipe();
    close();
  }

  function close() {
    key = null;
    book = null;
  }

  function tooEasy(pin) {
    const sames = new Set(pin).size < 3;
    const steps = Array.from(pin).slice(1).map((sign, at) => sign.charCodeAt(0) - pin.charCodeAt(at));
    return pin.length < LEAST_PIN || sames || new Set(steps).size === 1;
  }

  async function begin(taken, pin) {
    const salt = Round.seal.random(16);
    const made = await Round.seal.keyFromPin(pin, salt, Round.seal.ROUNDS);
    const fresh = { ...taken, lines: [] };
    await Round.keep.wipe();
    if (!(await Round.keep.putBook(await Round.seal.lock(made, fresh), 0, null))) throw new Error("book");
    await Round.keep.put({
      id: "lock", salt, rounds: Round.seal.ROUNDS, tries: 0, notBefore: 0, endsAt: Date.now() + DAY_MS,
    });
    key = made;
    await read();
  }

  // "open", "wrong", "wait" (tried too often just now) or "wiped".
  async function enter(pin) {
    const lock = await Round.keep.countTry(Date.now());
    if (!lock) return "wait";
    const made = await Round.seal.keyFromPin(pin, lock.salt, lock.rounds);
    const held = await Round.keep.get("book");
    const opened = held && (await Round.seal.unlock(made, held));
    if (opened) {
      await Round.keep.forgetTries();
      key = made;
      await read();
      return "open";
    }
    if (lock.tries < MOST_TRIES) return "wrong";
    await end();
    return "wiped";
  }

  async function read() {
    const held = await Round.keep.get("book");
    const opened = held && key && (await Round.seal.unlock(key, held));
    if (!opened) {
      close();
      throw new Error("locked");
    }
    version = held.version;
    book = opened;
    await hear();
    return book;
  }

  // Answers that came while the book was shut, or in another tab.
  async function hear() {
    const answers = await Round.keep.get("answers");
    const told = new Map((answers ? answers.list : []).map((one) => [one.key, one]));
    book.lines.forEach((line) => {
      const one = told.get(line.key);
      if (one) Object.assign(line, { state: one.state, reason: one.reason });
    });
  }

  // Changes the book and writes it, with a sealed receipt if `change` returns a line to seal.
  // If another tab wrote first, the book is read again and the change made anew.
  async function write(change) {
    for (;;) {
      await read();
      const line = change(book);
      const sealed = line ? await sealed_(line) : null;
      if (await Round.keep.putBook(await Round.seal.lock(key, book), version, sealed)) {
        version += 1;
        return line;
      }
    }
  }

  async function sealed_(line) {
    const way = await Round.keep.get("way");
    const said = {
      receipt_no: line.receipt_no, card: line.card, amount_minor: line.amount_minor, day: line.day,
      at: line.at, stamped: line.stamped, spoiled: line.spoiled,
    };
    const about = `${way.phone}|${line.key}`;
    return { key: line.key, phone: way.phone, sealed: await Round.seal.seal(way.publicKey, about, said) };
  }

  function next() {
    return Round.read.nextNumber(book.books, book.next_no, book.lines.map((one) => one.receipt_no));
  }

  function addLine(written) {
    return write((held) => {
      const number = Round.read.nextNumber(held.books, held.next_no, held.lines.map((one) => one.receipt_no));
      if (number === null) return null;
      const now = new Date();
      const line = {
        ...written, receipt_no: number, key: newKey(), state: "kept", reason: null,
        at: now.toISOString(), day: civilDay(now),
      };
      held.lines.push(line);
      return line;
    });
  }

  function newKey() {
    const bytes = Round.seal.random(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function civilDay(now) {
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  // After everything was sent: only what somebody must look at stays, and nothing if nothing does.
  // Another tab that sent at the same moment may have ended the book already.
  async function finish() {
    try {
      await read();
    } catch (error) {
      if (await Round.keep.get("book")) throw error;
      return;
    }
    if (!book.lines.some((one) => one.state === "waiting" || one.state === "kept")) {
      await end();
      return;
    }
    await over();
    await write((held) => {
      held.people = [];
      held.books = [];
      held.ended = true;
      held.lines = held.lines.filter((one) => one.state === "waiting" || one.state === "kept");
      return null;
    });
  }

  function keysToAskAfter() {
    return book ? book.lines.filter((one) => one.state === "waiting").map((one) => one.key) : [];
  }

  Round.book = {
    state, begin, enter, read, end, close, tooEasy, next, addLine, finish, keysToAskAfter,
    held: () => book,
  };
})(window.Round);
