// What stays on the phone when the browser is closed. "kept": the lock's salt and tries, the book
// under her PIN, the way to the office. "out": receipts sealed for the office, until it has them.
"use strict";

window.Round = window.Round || {};

(function (Round) {
  let opening = null;

  function open() {
    opening = opening || new Promise((resolve, reject) => {
      const asked = indexedDB.open("notes", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("kept", { keyPath: "id" });
        asked.result.createObjectStore("out", { keyPath: "key" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opening;
  }

  // Runs `act(kept, out)` in one transaction that is on the disk before it is said to be done.
  async function change(act) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const turn = database.transaction(["kept", "out"], "readwrite", { durability: "strict" });
      let result;
      turn.oncomplete = () => resolve(result);
      turn.onerror = () => reject(turn.error);
      turn.onabort = () => reject(turn.error || new Error("put off"));
      act(turn.objectStore("kept"), turn.objectStore("out"), (value) => { result = value; });
    });
  }

  async function get(id) {
    const database = await open();
    return settled(database.transaction("kept").objectStore("kept").get(id));
  }

  async function waiting() {
    const database = await open();
    return settled(database.transaction("out").objectStore("out").getAll());
  }

  function settled(asked) {
    return new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  function put(record) {
    return change((kept) => kept.put(record));
  }

  // Writes the book and (if any) a sealed receipt together, unless another tab was faster: then
  // false, nothing is written, and the caller reads the book again.
  function putBook(book, seen, sealed) {
    return change((kept, out, answer) => {
      const asked = kept.get("book");
      asked.onsuccess = () => {
        const stands = asked.result ? asked.result.version : 0;
        if (stands !== seen) {
          answer(false);
          return;
        }
        kept.put({ ...book, id: "book", version: seen + 1 });
        if (sealed) out.put(sealed);
        answer(true);
      };
    });
  }

  // What the office has said about receipts; they leave the phone, and the answers wait for her PIN.
  function taken(answers) {
    return change((kept, out) => {
      const asked = kept.get("answers");
      asked.onsuccess = () => {
        const held = asked.result ? asked.result.list : [];
        kept.put({ id: "answers", list: held.concat(answers) });
        answers.forEach((one) => out.delete(one.key));
      };
    });
  }

  // Everything one could read. What is sealed for the office stays, for nobody here can open it.
  function wipe() {
    return change((kept) => {
      ["lock", "book", "answers"].forEach((id) => kept.delete(id));
    });
  }

  // A wrong PIN is counted before it is tried, so that pulling the battery wins nothing.
  function countTry(now) {
    return change((kept, out, answer) => {
      const asked = kept.get("lock");
      asked.onsuccess = () => {
        const held = asked.result;
        if (!held || held.notBefore > now) {
          answer(null);
          return;
        }
        held.tries += 1;
        held.notBefore = held.tries > 4 ? now + 30000 * 2 ** (held.tries - 5) : 0;
        kept.put(held);
        answer(held);
      };
    });
  }

  function forgetTries() {
    return change((kept) => {
      const asked = kept.get("lock");
      asked.onsuccess = () => {
        if (asked.result) kept.put({ ...asked.result, tries: 0, notBefore: 0 });
      };
    });
  }

  Round.keep = { get, put, putBook, waiting, taken, wipe, countTry, forgetTries };
})(window.Round);
