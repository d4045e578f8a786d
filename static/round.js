// The pages of the book: what is shown when, and what each button does.
"use strict";

(function (Round) {
  const HIDDEN_FOR_MS = 120000;
  const page = document.getElementById("main");
  const part = (name) => page.querySelector(`[data-part="${name}"]`);
  const slot = (name) => page.querySelector(`[data-slot="${name}"]`);
  const word = (name) => page.querySelector(`[data-word="${name}"]`).textContent;
  let package_ = null;
  let leftAt = 0;

  function show(name) {
    page.querySelectorAll("[data-part]").forEach((one) => { one.hidden = one.dataset.part !== name; });
    const first = part(name).querySelector("[data-first]");
    if (first) first.focus();
    window.scrollTo(0, 0);
  }

  function say(words, trouble) {
    const slip = slot("slip");
    slip.hidden = !words;
    slip.classList.toggle("trouble", Boolean(trouble));
    slip.querySelector("[data-said]").textContent = words || "";
  }

  function on(name, act) {
    document.querySelector(`[data-act="${name}"]`).addEventListener("click", guarded(act));
  }

  function guarded(act) {
    return async (event) => {
      if (event) event.preventDefault();
      try {
        await act(event);
      } catch (error) {
        trouble(error);
      }
    };
  }

  function trouble(error) {
    if (error instanceof Round.send.SignInFirst) {
      slot("sign-in").hidden = false;
      say(word("sign-in-first"), true);
    } else if (error.message === "locked") {
      begin();
    } else {
      const silent = navigator.onLine === false || ["TypeError", "AbortError"].includes(error.name);
      say(word(silent ? "no-signal" : "not-now"), true);
    }
  }

  // When and how much was sent last, and what is still here, wherever a page has room for it.
  async function showSent() {
    const sent = await Round.keep.get("sent");
    const here = (await Round.keep.waiting()).length;
    page.querySelectorAll('[data-slot="sent"]').forEach((one) => {
      one.hidden = !sent;
      one.textContent = sent ? fill("sent", { ...sent, here, time: Round.read.showTime(sent.at) }) : "";
    });
  }

  function fill(name, facts) {
    return word(name).replace(/\{(\w+)\}/g, (_, key) => String(facts[key]));
  }

  async function begin() {
    await showSent();
    const state = await Round.book.state();
    const waiting = (await Round.keep.waiting()).length;
    slot("out").textContent = String(waiting);
    part("none").classList.toggle("has-out", waiting > 0);
    if (state === "open") openRound();
    else show(state === "locked" ? "unlock" : "none");
  }

  async function takeAlong() {
    say(word("asking"));
    await Round.send.flush([]);
    package_ = await Round.send.fetchRound();
    slot("phones").hidden = !package_.elsewhere;
    if (package_.elsewhere) return say(fill("elsewhere", package_), true);
    say("");
    return show("choose");
  }

  async function choosePin(event) {
    const form = event.target;
    const [pin, again] = [form.elements.first.value, form.elements.again.value];
    if (pin !== again) return say(word("pins-differ"), true);
    if (Round.book.tooEasy(pin)) return say(word("pin-easy"), true);
    const way = await Round.keep.get("way");
    if (!way || !way.holds) return takeAlong();
    say(word("locking"));
    await Round.book.begin(package_, pin);
    package_ = null;
    form.reset();
    say("");
    return openRound();
  }

  async function enterPin(event) {
    const field = event.target.elements.pin;
    const pin = field.value;
    field.value = "";
    say(word("opening"));
    const came = await Round.book.enter(pin);
    say(came === "open" ? "" : word(`pin-${came}`), came !== "open");
    if (came === "open") openRound();
    if (came === "wiped") begin();
  }

  function openRound() {
    const book = Round.book.held();
    const next = Round.book.next();
    slot("next").textContent = next === null ? "–" : String(next);
    slot("no-white").hidden = next !== null || Boolean(book.ended);
    slot("ended").hidden = !book.ended;
    slot("form").hidden = next === null || !book.people;
    slot("count").textContent = `(${book.lines.length})`;
    listPeople("");
    show("round");
  }

  function listPeople(typed) {
    const wanted = typed.trim().toLowerCase();
    const card = Round.read.readCard(typed);
    const list = slot("people");
    list.replaceChildren();
    Round.book.held().people
      .filter((one) => !wanted || one.called.toLowerCase().includes(wanted) || one.card.includes(card))
      .slice(0, 40)
      .forEach((one) => {
        const made = document.getElementById("person").content.cloneNode(true);
        made.querySelector(".what").textContent = one.called || one.card;
        made.querySelector(".note").textContent = one.called ? one.card : "";
        made.querySelector(".value").textContent = Round.read.showAmount(one.due_minor || one.fee_minor);
        made.querySelector("button").addEventListener("click", () => choose(one));
        list.append(made);
      });
  }

  function choose(person) {
    const form = slot("form");
    form.elements.card.value = person.card;
    form.elements.amount.value = String((person.due_minor || person.fee_minor) / 100 || "");
    listPeople(person.card);
    form.elements.amount.focus();
    form.elements.amount.select();
  }

  async function writeReceipt(event) {
    const form = event.target;
    const amount = Round.read.readAmount(form.elements.amount.value);
    if (!Round.read.isCard(form.elements.card.value)) return say(word("card-first"), true);
    if (amount === null) return say(word("amount-first"), true);
    const card = Round.read.readCard(form.elements.card.value);
    const known = Round.book.held().people.find((one) => one.card === card);
    const line = await Round.book.addLine({
      card, called: known ? known.called : "", amount_minor: amount,
      stamped: form.elements.stamped.checked, spoiled: false,
    });
    form.reset();
    say("");
    if (line === null) return openRound();
    if (known) known.due_minor = Math.max(0, known.due_minor - amount);
    return showReceipt(line);
  }

  function showReceipt(line) {
    slot("number").textContent = String(line.receipt_no);
    slot("sum").textContent = Round.read.showAmount(line.amount_minor);
    slot("who").textContent = [line.called, line.card].filter(Boolean).join(" · ");
    slot("stamped").hidden = !line.stamped;
    show("receipt");
  }

  async function spoil() {
    await Round.book.addLine({ card: "", called: "", amount_minor: 0, stamped: false, spoiled: true });
    openRound();
  }

  async function showWritten() {
    const book = await Round.book.read();
    const sum = book.lines.filter((one) => one.state !== "settled").reduce((all, one) => all + one.amount_minor, 0);
    slot("held").textContent = Round.read.showAmount(sum);
    const list = slot("lines");
    list.replaceChildren(...book.lines.slice().reverse().map(asRow), ...book.waiting.map(asOfficeRow));
    show("written");
  }

  function row(what, note, value) {
    const made = document.getElementById("written-line").content.cloneNode(true);
    made.querySelector(".what").textContent = what;
    made.querySelector(".note").textContent = note;
    made.querySelector(".value").textContent = value;
    return made;
  }

  function asRow(line) {
    const reason = line.reason && page.querySelector(`[data-reason="${line.reason}"]`);
    const note = [word(`state-${line.state}`), reason ? reason.textContent : ""].filter(Boolean).join(" ");
    const who = line.spoiled ? word("spoiled") : line.called || line.card;
    return row(`${line.receipt_no} · ${who}`, note, Round.read.showAmount(line.amount_minor));
  }

  function asOfficeRow(line) {
    const reason = page.querySelector(`[data-reason="${line.reason}"]`);
    const sum = line.amount_minor > 0 ? Round.read.showAmount(line.amount_minor) : "";
    return row(String(line.receipt_no || "?"), `${word("state-waiting")} ${reason ? reason.textContent : ""}`, sum);
  }

  async function send() {
    say(word("sending"));
    await Round.send.flush(Round.book.keysToAskAfter());
    const left = (await Round.keep.waiting()).length;
    await showSent();
    if (left > 0) return say(word("some-left"), true);
    if (!(await Round.keep.get("lock"))) {
      await putDown();
      say(word("all-sent"));
      return begin();
    }
    if (Round.book.held() && !page.querySelector('[name="go-on"]').checked) await Round.book.finish();
    else if (Round.book.held()) await Round.book.read();
    await putDown();
    const waits = Round.book.held() && Round.book.held().lines.some((one) => one.state === "waiting");
    say(word(waits ? "sent-some-wait" : "all-sent"), waits);
    return Round.book.held() ? showWritten() : begin();
  }

  // Receipts go by themselves when there is signal; nobody is troubled if they cannot.
  async function sendQuietly() {
    await quietly(async () => {
      if ((await Round.keep.waiting()).length) await Round.send.flush([]);
      await showSent();
    });
    await putDown();
  }

  // If it cannot be told now that the book is put down, it is told the next time the page opens.
  function putDown() {
    return quietly(Round.send.putDown);
  }

  async function quietly(act) {
    try {
      await act();
    } catch (error) {
      if (error instanceof Round.send.SignInFirst) slot("sign-in").hidden = false;
    }
  }

  function shut() {
    Round.book.close();
    say("");
    slot("form").reset();
    ["people", "lines"].forEach((name) => slot(name).replaceChildren());
    ["number", "sum", "who"].forEach((name) => { slot(name).textContent = ""; });
    begin();
  }

  async function emptyPhone() {
    await Round.book.end();
    shut();
    await sendQuietly();
  }

  function chooseByCode(found) {
    const card = Round.read.cardInCode(found);
    if (!card) return say(word("no-card"), true);
    choose(Round.book.held().people.find((one) => one.card === card) || { card });
  }

  function submit(name, act) {
    page.querySelector(`form[data-form="${name}"]`).addEventListener("submit", guarded(act));
  }

  on("take", takeAlong);
  on("take-anew", takeAlong);
  on("send-out", send);
  on("send", send);
  on("written", showWritten);
  on("back", openRound);
  on("next-one", openRound);
  on("spoil", spoil);
  on("shut", shut);
  on("empty", emptyPhone);
  submit("choose", choosePin);
  submit("unlock", enterPin);
  submit("write", writeReceipt);
  slot("form").elements.card.addEventListener("input", (event) => listPeople(event.target.value));
  if (Round.scan) Round.scan.offer(slot("scan"), chooseByCode);
  window.addEventListener("online", sendQuietly);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leftAt = Date.now();
    else if (Round.book.held() && Date.now() - leftAt > HIDDEN_FOR_MS) shut();
  });
  setInterval(async () => { if (Round.book.held() && (await Round.book.state()) === "none") shut(); }, 60000);
  if (!window.indexedDB || !window.crypto || !crypto.subtle) {
    show("cannot");
  } else {
    if (navigator.serviceWorker) navigator.serviceWorker.register("worker.js").catch(() => say(word("not-kept"), true));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    guarded(begin)();
    sendQuietly();
  }
})(window.Round);
