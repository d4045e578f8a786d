// Shows a notice that came for this phone, and opens its page when it is touched. It keeps nothing,
// answers nothing and stands before no page.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const said = read(event.data);
  event.waitUntil(self.registration.showNotification(self.TITLE, {
    body: said.words,
    data: { address: said.address },
    icon: self.ICON,
    badge: self.ICON,
    tag: said.tag,
    renotify: true,
    requireInteraction: true,
    vibrate: [400, 200, 400, 200, 400],
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.address));
});

// Only a slip of our own is ever opened; whatever else a notice names leads to the first page.
function read(data) {
  let said = {};
  try {
    said = data.json();
  } catch {
    said = {};
  }
  const text = String(said.text || "");
  const link = (text.match(/https?:\/\/\S+/) || [""])[0];
  return {
    words: text.replace(link, "").replace(/[\s:]+$/, ""),
    address: slipOf(link),
    tag: String(said.key || "").split("-")[0] || "notice",
  };
}

function slipOf(link) {
  try {
    const address = new URL(link);
    const ours = address.origin === self.location.origin && address.pathname.startsWith(self.SLIPS);
    return ours ? address.pathname : self.HOME;
  } catch {
    return self.HOME;
  }
}
