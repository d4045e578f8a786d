// A button that acts when held, so that a pocket or a child does not press it by chance. A tap
// says so and, pressed once more within six seconds, acts too; either fills the form's field
// "sure". Without this script it is an ordinary button, and the page behind it asks.
(() => {
  for (const button of document.querySelectorAll("button[data-hold]")) {
    const wait = Number(button.dataset.hold) || 900;
    let timer = 0;
    let held = false;
    let tapped = 0;
    const label = button.textContent;
    const say = () => {
      const sure = button.form.elements.namedItem("sure");
      if (sure) sure.value = "yes";
    };
    const ask = () => {
      tapped = setTimeout(() => {
        tapped = 0;
        button.textContent = label;
      }, 6000);
      button.textContent = button.dataset.again || label;
    };
    const begin = (event) => {
      if (event.type === "keydown" && (event.repeat || !["Enter", " "].includes(event.key))) return;
      held = false;
      button.classList.add("holding");
      timer = setTimeout(() => {
        held = true;
        say();
        button.classList.replace("holding", "held");
        if (navigator.vibrate) navigator.vibrate(40);
        button.form.requestSubmit(button);
      }, wait);
    };
    const end = () => {
      clearTimeout(timer);
      button.classList.remove("holding");
    };
    button.addEventListener("pointerdown", begin);
    button.addEventListener("keydown", begin);
    for (const name of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) {
      button.addEventListener(name, end);
    }
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("click", (event) => {
      if (held || tapped) {
        say();
        return;
      }
      event.preventDefault();
      ask();
    });
  }
})();
