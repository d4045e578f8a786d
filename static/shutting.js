// Shows, on a page that stays open, that the sign-in is about to end. A telephone that slept asks
// again when it wakes: its timers stood still.
(() => {
  const slip = document.querySelector("[data-shuts-in]");
  if (!slip) return;
  const due = Date.now() + Number(slip.dataset.shutsIn) * 1000;
  const look = () => {
    if (Date.now() >= due) slip.hidden = false;
  };
  setTimeout(look, Math.max(0, due - Date.now()) + 50);
  document.addEventListener("visibilitychange", look);
})();
