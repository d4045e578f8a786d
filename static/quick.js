// Leaving at once, with signal and without: the button, Esc twice within a second, or F8.
(() => {
  const form = document.querySelector("form[data-leave]");

  // A page that a browser kept as it stood is fetched anew, or it would outlive her sign-in.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.documentElement.hidden = true;
    location.reload();
  });
  if (!form) return;

  const away = form.dataset.away;
  const others = "BroadcastChannel" in window ? new BroadcastChannel("away") : null;
  let left = false;
  let pressed = -Infinity;

  const made = (name, inside, about = {}) => {
    const one = Object.assign(document.createElement(name), about);
    one.append(...inside);
    return one;
  };

  // The month as the page behind `away` shows it, drawn here because there may be no signal.
  const month = () => {
    const today = new Date();
    const day = (number) => new Date(today.getFullYear(), today.getMonth(), number);
    const say = (date, how) => new Intl.DateTimeFormat(document.documentElement.lang, how).format(date);
    const last = new Date(today.getFullYear(), today.getMonth() + 1, 0).getDate();
    const rows = [];
    for (let first = 1 - (day(1).getDay() + 6) % 7; first <= last; first += 7) {
      const week = Array.from({ length: 7 }, (_, at) => day(first + at));
      rows.push(made("tr", week.map((date) => {
        const cell = made("td", [date.getMonth() === today.getMonth() ? String(date.getDate()) : ""]);
        if (date.getTime() === day(today.getDate()).getTime()) cell.setAttribute("aria-current", "date");
        return cell;
      })));
    }
    const heads = Array.from({ length: 7 }, (_, at) => say(new Date(2024, 0, 1 + at), { weekday: "short" }));
    return made("table", [
      made("caption", [say(today, { month: "long", year: "numeric" })]),
      made("thead", [made("tr", heads.map((head) => made("th", [head], { scope: "col" })))]),
      made("tbody", rows),
    ], { className: "calendar" });
  };

  const clear = () => {
    const plate = made("div", [made("a", [document.title], { href: "/" })], { className: "nameplate" });
    document.body.className = "alone";
    document.body.textContent = "";
    document.body.append(
      made("header", [plate], { className: "cloth" }),
      made("div", [made("main", [month()])], { className: "page alone" }),
    );
    scrollTo(0, 0);
  };

  // Until it was heard the sign-in lives: without signal it is said again and again.
  const tell = async () => {
    try {
      const answer = await fetch(form.action, {
        method: "POST", credentials: "same-origin", keepalive: true, redirect: "manual",
      });
      if (answer.type !== "opaqueredirect") throw new Error(String(answer.status));
      location.replace(form.dataset.onward || away);
    } catch {
      setTimeout(tell, 4000);
    }
  };

  const leave = () => {
    if (left) return;
    left = true;
    document.documentElement.hidden = true;
    for (const kind of ["keydown", "beforeunload"]) {
      addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
    }
    try {
      clear();
      history.replaceState(null, "", away);
      document.documentElement.hidden = false;
      tell();
    } catch {
      document.body.append(form);  // an old browser that cannot draw it: as without scripts
      form.submit();
    }
  };

  const leaveEverywhere = () => {
    others?.postMessage("left");
    leave();
  };

  others?.addEventListener("message", leave);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leaveEverywhere();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "F8") {
      event.preventDefault();
      leaveEverywhere();
    } else if (event.key === "Escape" && !event.repeat) {
      if (event.timeStamp - pressed < 1000) leaveEverywhere();
      pressed = event.timeStamp;
    }
  });
})();
