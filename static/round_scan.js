// Her card read by the camera where the browser can; typed everywhere else. No picture is kept.
"use strict";

window.Round = window.Round || {};

(function (Round) {
  const LOOK_EVERY_MS = 250;

  // Shows the button inside `place` and hands what a code says to `found`.
  async function offer(place, found) {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    const kinds = await window.BarcodeDetector.getSupportedFormats();
    if (!kinds.includes("qr_code")) return;
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const glass = place.querySelector("video");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => look(detector, glass, found));
  }

  async function look(detector, glass, found) {
    let eye;
    try {
      eye = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      return; // no camera, or she said no: she types the number instead
    }
    glass.hidden = false;
    glass.srcObject = eye;
    await glass.play();
    const clock = setInterval(async () => {
      const [code] = await detector.detect(glass);
      if (!code) return;
      clearInterval(clock);
      eye.getTracks().forEach((track) => track.stop());
      glass.srcObject = null;
      glass.hidden = true;
      found(code.rawValue);
    }, LOOK_EVERY_MS);
  }

  Round.scan = { offer };
})(window.Round);
