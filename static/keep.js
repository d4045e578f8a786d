// Keeps what is being written: posts the whole form, token and all, a moment after the last key.
(() => {
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const says = form.querySelector("[data-kept]");
    let timer = 0;
    let busy = false;
    let again = false;
    const say = (words) => {
      if (says) says.textContent = words || "";
    };
    const keep = async () => {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      again = false;
      try {
        const answer = await fetch(form.dataset.keep, {
          method: "POST",
          body: new FormData(form),
          credentials: "same-origin",
          redirect: "error",
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const at = new Date().toTimeString().slice(0, 5);
        say(`${says?.dataset.keptWords || "✓"} ${at}`);
      } catch {
        say(says?.dataset.unkeptWords || "…");
        again = true;
      }
      busy = false;
      if (again) timer = setTimeout(keep, 4000);
    };
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 900);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", () => clearTimeout(timer));
  }
})();
