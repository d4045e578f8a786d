// Two locks, both of the browser's own making. What she reads on her round lies under a key made
// from her PIN, which is kept nowhere. Each receipt is sealed, as it is written, to a key whose
// other half is at the office only: this phone itself cannot open it again.
"use strict";

window.Round = window.Round || {};

(function (Round) {
  const ROUNDS = 600000;
  const PAD_TO = 320;
  const words = new TextEncoder();

  function random(count) {
    return crypto.getRandomValues(new Uint8Array(count));
  }

  async function keyFromPin(pin, salt, rounds) {
    const raw = await crypto.subtle.importKey("raw", words.encode(pin), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey(
      { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds },
      raw,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt", "decrypt"],
    );
  }

  async function lock(key, value) {
    const iv = random(12);
    const plain = words.encode(JSON.stringify(value));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    return { iv, data };
  }

  // Null if the key is not the one it was locked with.
  async function unlock(key, held) {
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: held.iv }, key, held.data);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch (error) {
      if (error.name === "OperationError") return null;
      throw error;
    }
  }

  // ephemeral P-256 point (65 bytes), nonce (12), AES-256-GCM; see rules/phone_lines.py
  async function seal(publicKey, about, line) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", publicKey, curve, false, []);
    const mine = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const info = words.encode(`round-line|${about}`);
    const key = await crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info },
      base,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt"],
    );
    const iv = random(12);
    const bare = JSON.stringify({ ...line, pad: "" });
    const plain = words.encode(JSON.stringify({ ...line, pad: " ".repeat(Math.max(0, PAD_TO - bare.length)) }));
    const additionalData = words.encode(about);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
    const whole = new Uint8Array(point.length + iv.length + sealed.byteLength);
    whole.set(point, 0);
    whole.set(iv, point.length);
    whole.set(new Uint8Array(sealed), point.length + iv.length);
    return whole;
  }

  function toText(bytes) {
    return btoa(String.fromCharCode(...new Uint8Array(bytes)));
  }

  function fromText(text) {
    return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  }

  Round.seal = { ROUNDS, random, keyFromPin, lock, unlock, seal, toText, fromText };
})(window.Round);
