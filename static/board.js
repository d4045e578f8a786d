// Keeps a board fresh: an event says that something changed, the server says what it looks like now.
(() => {
  const board = document.querySelector("[data-board]");
  if (!board || !window.fetch) return;
  let waiting = false;
  let heard = Date.now();

  const stateOf = (row) => row.dataset.version || row.textContent.trim();
  const statesOf = (root) => {
    const seen = new Map();
    for (const row of root.querySelectorAll("[data-key]")) seen.set(row.dataset.key, stateOf(row));
    return seen;
  };
  const someoneWrites = () => {
    const at = document.activeElement;
    return board.contains(at) && at.matches("input, textarea, select");
  };
  const open = () =>
    new Set([...board.querySelectorAll("details[open]")].map((one) => one.id).filter(Boolean));

  const look = async () => {
    if (waiting || document.hidden) return;
    if (someoneWrites()) {
      setTimeout(look, 2000);
      return;
    }
    waiting = true;
    try {
      const answer = await fetch(board.dataset.board, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) swap(await answer.text());
    } catch {
      board.dataset.stale = "yes";
    }
    waiting = false;
    heard = Date.now();
  };
  const swap = (words) => {
    const before = statesOf(board);
    const stayOpen = open();
    const key = document.activeElement?.closest?.("[data-key]")?.dataset.key;
    const fresh = new DOMParser().parseFromString(words, "text/html");
    const inner = fresh.querySelector("[data-board]") || fresh.body;
    board.replaceChildren(...inner.childNodes);
    delete board.dataset.stale;
    for (const id of stayOpen) document.getElementById(id)?.setAttribute("open", "");
    for (const row of board.querySelectorAll("[data-key]")) {
      if (before.get(row.dataset.key) !== stateOf(row)) row.classList.add("changed");
      if (key && row.dataset.key === key) row.querySelector("a, button, summary")?.focus({ preventScroll: true });
    }
  };

  if (board.dataset.stream && window.EventSource) {
    const stream = new EventSource(board.dataset.stream);
    stream.onmessage = look;
    stream.addEventListener("changed", look);
    addEventListener("pagehide", () => stream.close());
  }
  setInterval(() => {
    if (Date.now() - heard > 20000) look();
  }, 5000);
  document.addEventListener("visibilitychange", look);
})();
