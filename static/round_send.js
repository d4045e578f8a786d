// Talking with the office when there is signal. Every receipt carries a key of its own: whatever
// breaks off half way is simply sent again, and is booked once.
"use strict";

window.Round = window.Round || {};

(function (Round) {
  const AT_ONCE = 100;
  const PATIENCE_MS = 20000;
  const CHOOSING_MS = 15 * 60000; // taken along, and no number chosen to lock it with

  class SignInFirst extends Error {}
  class NotHers extends Error {}

  async function ask(address, settings) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(address, {
        ...settings,
        redirect: "manual",
        cache: "no-store",
        credentials: "same-origin",
        signal: stop.signal,
      });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        throw new SignInFirst();
      }
      if (answer.status === 404 || answer.status === 409) throw new NotHers();
      if (!answer.ok) throw new Error(`office ${answer.status}`);
      return await answer.json();
    } finally {
      clearTimeout(clock);
    }
  }

  function newKey() {
    return Array.from(Round.seal.random(16), (one) => one.toString(16).padStart(2, "0")).join("");
  }

  async function post(address, fields) {
    const state = await ask("state");
    const body = new FormData();
    Object.entries({ csrf_token: state.csrf, command_key: newKey(), ...fields }).forEach(
      ([name, value]) => body.append(name, value),
    );
    return ask(address, { method: "POST", body });
  }

  // Sends all that waits, and asks after receipts somebody had to look at. Keys not answered stay.
  // When something went, it is written down how much and when, for her to see.
  async function flush(askAfter) {
    const way = await Round.keep.get("way");
    const answers = [];
    const waiting = await Round.keep.waiting();
    const mine = new Set(waiting.map((one) => one.key));
    const phones = new Set(waiting.map((one) => one.phone));
    if (way && askAfter.length) phones.add(way.phone);
    for (const phone of phones) {
      const lines = waiting
        .filter((one) => one.phone === phone)
        .map((one) => ({ key: one.key, sealed: Round.seal.toText(one.sealed) }));
      if (way && phone === way.phone) askAfter.forEach((key) => lines.push({ key, sealed: "" }));
      for (let start = 0; start < lines.length; start += AT_ONCE) {
        const part = lines.slice(start, start + AT_ONCE);
        const told = await sendPart(phone, part);
        await Round.keep.taken(told);
        answers.push(...told);
      }
    }
    const gone = answers.filter((one) => mine.has(one.key));
    if (gone.length) {
      const looked = gone.filter((one) => one.state === "waiting").length;
      await Round.keep.put({ id: "sent", at: Date.now(), count: gone.length, looked });
    }
    return answers;
  }

  // What somebody else wrote on this phone stays until she herself has signed in.
  async function sendPart(phone, part) {
    try {
      return (await post("sync", { phone, lines: JSON.stringify(part) })).answers;
    } catch (error) {
      if (error instanceof NotHers) return [];
      throw error;
    }
  }

  async function register() {
    const made = await post("register", {});
    const way = { id: "way", phone: made.phone, publicKey: Round.seal.fromText(made.public_key) };
    await Round.keep.put(way);
    return way;
  }

  // Everything the round needs. A phone that is not hers (any more) is registered anew.
  async function fetchRound() {
    const way = await Round.keep.get("way");
    if (way) {
      try {
        return await take(way);
      } catch (error) {
        if (!(error instanceof NotHers)) throw error;
      }
    }
    return take(await register());
  }

  // The round, and receipts that are this phone's alone until it has put its book down.
  async function take(way) {
    const taken = await post("take", { phone: way.phone });
    if (!taken.elsewhere) {
      await Round.keep.put({ ...way, holds: true, ended: false, takenAt: Date.now() });
    }
    return taken;
  }

  // Nothing more is written here: another phone, or the paper, may have the white receipts.
  async function putDown() {
    const way = await Round.keep.get("way");
    const left = way && Date.now() - way.takenAt > CHOOSING_MS && !(await Round.keep.get("lock"));
    const over = way && (way.ended || left);
    if (!way || !way.holds || !over || (await Round.keep.waiting()).length) return;
    await post("put-down", { phone: way.phone });
    await Round.keep.put({ ...way, holds: false });
  }

  Round.send = { SignInFirst, NotHers, flush, fetchRound, putDown };
})(window.Round);
