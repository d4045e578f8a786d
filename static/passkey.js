// Carries a question to the telephone's lock, and its answer into the form that is then sent.
"use strict";

(function () {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.querySelectorAll("[data-no-passkey]").forEach((one) => { one.hidden = true; });
  document.querySelectorAll("[data-with-passkey]").forEach((one) => { one.hidden = false; });
  document.querySelectorAll("form[data-passkey]").forEach(begin);

  function begin(form) {
    let asking = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (asking) return;
      asking = true;
      form.querySelectorAll("[data-trouble]").forEach((one) => { one.hidden = true; });
      answered(form).then(() => form.submit(), (trouble) => {
        asking = false;
        tell(form, trouble);
      });
    });
  }

  async function answered(form) {
    const reply = await fetch(form.dataset.ask, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    });
    const type = reply.headers.get("Content-Type") || "";
    const asked = type.startsWith("application/json") ? await reply.json() : {};
    if (!reply.ok || !asked.options) throw new Refused(asked.said || []);
    const made = form.dataset.passkey === "add" ? await make(asked.options) : await give(asked.options);
    form.elements.question.value = asked.question;
    form.elements.answer.value = JSON.stringify(made);
  }

  async function make(options) {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: options.excludeCredentials.map(named),
    };
    const made = await navigator.credentials.create({ publicKey });
    return plain(made, ["clientDataJSON", "attestationObject"]);
  }

  async function give(options) {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: options.allowCredentials.map(named),
    };
    const given = await navigator.credentials.get({ publicKey });
    return plain(given, ["clientDataJSON", "authenticatorData", "signature", "userHandle"]);
  }

  function plain(credential, names) {
    const response = {};
    for (const name of names) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
  }

  function tell(form, trouble) {
    const kind = trouble.name === "InvalidStateError" ? "known" : "usual";
    const where = form.querySelector(`[data-trouble=${kind}]`) || form.querySelector("[data-trouble]");
    if (trouble.said && trouble.said.length) where.textContent = trouble.said.join(" ");
    where.hidden = false;
  }

  function Refused(said) {
    this.name = "Refused";
    this.said = said;
  }

  function named(one) {
    return { ...one, id: bytes(one.id) };
  }

  function bytes(coded) {
    const plainText = atob(coded.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(coded.length / 4) * 4, "="));
    return Uint8Array.from(plainText, (sign) => sign.charCodeAt(0));
  }

  function text(buffer) {
    const signs = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
    return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
})();
