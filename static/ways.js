// Lets this browser be told: asks its leave, and fills its address into the form that is then sent.
"use strict";

(function () {
  const form = document.querySelector("[data-device]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const words = form.querySelector("[data-trouble]");
  document.querySelectorAll("[data-no-script]").forEach((one) => { one.hidden = true; });
  document.querySelectorAll("[data-with-script]").forEach((one) => { one.hidden = false; });

  form.addEventListener("submit", (event) => {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    words.hidden = true;
    ask().then(() => form.requestSubmit(), () => { words.hidden = false; });
  });

  async function ask() {
    if (await Notification.requestPermission() !== "granted") throw new Error("no leave");
    const worker = await navigator.serviceWorker.register(form.dataset.worker);
    await ready(worker);
    const key = bytes(form.dataset.key);
    const before = await worker.pushManager.getSubscription();
    if (before && !sameKey(before, key)) await before.unsubscribe();
    const given = (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    form.elements.endpoint.value = given.endpoint;
    form.elements.p256dh.value = given.keys.p256dh;
    form.elements.auth.value = given.keys.auth;
  }

  function ready(worker) {
    if (worker.active) return Promise.resolve();
    const coming = worker.installing || worker.waiting;
    return new Promise((done) => {
      coming.addEventListener("statechange", () => { if (coming.state === "activated") done(); });
    });
  }

  function sameKey(subscription, key) {
    const held = new Uint8Array(subscription.options.applicationServerKey || []);
    return held.length === key.length && held.every((one, at) => one === key[at]);
  }

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }
})();
