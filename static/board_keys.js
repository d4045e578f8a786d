// The board by keyboard, and a soft tone when somebody is newly needed; neither says anything to a stranger.
(() => {
  const board = document.querySelector("[data-board]");
  const help = document.getElementById("board-keys");
  const button = document.getElementById("board-tone");
  if (!board || !help || !button) return;
  help.hidden = false;

  const rows = () => [...board.querySelectorAll("[data-key]")];
  const linkOf = (row) => row.querySelector("a, button, summary");
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
    linkOf(all[next])?.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  };

  let sound = null;
  const note = (pitch, after) => {
    const voice = sound.createOscillator();
    const loud = sound.createGain();
    const at = sound.currentTime + after;
    voice.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.12, at + 0.05);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.6);
    voice.connect(loud).connect(sound.destination);
    voice.start(at);
    voice.stop(at + 0.65);
  };
  const ring = () => {
    if (!sound) return;
    board.dataset.rang = String(Number(board.dataset.rang || 0) + 1);
    note(523, 0);
    note(659, 0.25);
  };
  const toggle = () => {
    if (sound) {
      sound.close();
      sound = null;
    } else {
      sound = new AudioContext();
      ring();
    }
    button.setAttribute("aria-pressed", String(Boolean(sound)));
  };
  if (window.AudioContext) {
    button.hidden = false;
    button.addEventListener("click", toggle);
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    n: () => board.querySelector(".next a")?.click(),
    t: () => button.hidden || toggle(),
    "?": () => {
      help.hidden = !help.hidden;
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    if (event.target.matches("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    keys[event.key]();
  });

  const needed = () => new Set(rows().filter((row) => row.matches(".lit, li")).map((row) => row.dataset.key));
  let before = needed();
  new MutationObserver(() => {
    const now = needed();
    if ([...now].some((key) => !before.has(key))) ring();
    before = now;
  }).observe(board, { childList: true });
})();
