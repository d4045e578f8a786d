"""A push service of our own on this machine, and a browser that opens what it was sent."""

from __future__ import annotations

import contextlib
import os
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from union.gateways.web_push import Device
from union.gateways.web_push.devices import encoded
from union.gateways.web_push.sealing import point_of


@dataclass
class Browser:
    """One browser's keys; it opens a notice by the letter of RFC 8188 and RFC 8291."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    def device(self, endpoint: str, ref: str = "d") -> Device:
        return Device(
            ref, endpoint, encoded(point_of(self.private.public_key())), encoded(self.auth)
        )

    def read(self, body: bytes) -> bytes:
        salt, length = body[:16], body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), sender)
        info = b"WebPush: info\0" + point_of(self.private.public_key()) + theirs
        secret = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        opened = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert opened.endswith(b"\x02")
        return opened[:-1]


@dataclass
class PushService:
    """What came, and what is answered; `status` may be changed for an address by its path."""

    origin: str = ""
    status: dict[str, int] = field(default_factory=dict)
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    holds: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def push_service():
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/never":
                service.holds.wait(20)
            service.came.append((self.path, dict(self.headers), body))
            self.send_response(service.status.get(self.path, 201))
            self.send_header("Location", f"{service.origin}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.holds.set()
        server.shutdown()
        server.server_close()
        thread.join()
