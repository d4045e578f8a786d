"""A mail server of our own on this machine: as much of SMTP as a letter needs."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass
class MailHouse:
    """What came in, and what is answered to a step by its word."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    letters: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    holds: threading.Event = field(default_factory=threading.Event)


USUAL = {
    "EHLO": "250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN",
    "STARTTLS": "220 go on",
    "AUTH": "235 yes",
    "MAIL": "250 yes",
    "RCPT": "250 yes",
    "DATA": "354 go on",
    ".": "250 taken",
    "RSET": "250 yes",
    "QUIT": "221 bye",
}


class Conversation(socketserver.BaseRequestHandler):
    """One client: each line is answered by its first word, a letter by the dot at its end."""

    server: MailServerHere

    def handle(self):
        with contextlib.suppress(OSError):
            if self.server.from_the_start:
                self._secure()
            self._say(self.server.house.answers.get("hello", "220 here"))
            while self._step():
                """Go on."""

    def finish(self):
        self.request.close()

    def _step(self) -> bool:
        house, line = self.server.house, self._line()
        word = line.split(" ")[0].upper()
        house.said.append(word)
        if word == "RCPT":
            self.to = line.partition(":")[2]
        self._say(house.answers.get(word, USUAL.get(word, "500 what")))
        if word == "STARTTLS":
            self._secure()
        if word == "DATA":
            self._letter(house)
        return word not in ("QUIT", "")

    def _letter(self, house: MailHouse) -> None:
        lines = list(iter(self._line, "."))
        house.letters.append((self.to, "\n".join(lines)))
        self._say(house.answers.get(".", USUAL["."]))

    def _secure(self) -> None:
        if self.server.secured is not None:
            self.request = self.server.secured.wrap_socket(self.request, server_side=True)

    def _line(self) -> str:
        read = b""
        while not read.endswith(b"\r\n"):
            more = self.request.recv(1)
            if not more:
                raise ConnectionError
            read += more
        return read.decode().rstrip("\r\n")

    def _say(self, words: str) -> None:
        if words == "never":
            self.server.house.holds.wait(20)
        if words == "gone":
            raise ConnectionError
        self.request.sendall(f"{words}\r\n".encode())


class MailServerHere(socketserver.ThreadingTCPServer):
    """Listens on this machine only."""

    daemon_threads = True

    def __init__(self, secured: ssl.SSLContext | None, *, from_the_start: bool):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.secured, self.from_the_start = secured, from_the_start
        self.house = MailHouse(self.server_address[1])


@contextlib.contextmanager
def mail_house(secured: ssl.SSLContext | None = None, *, from_the_start: bool = False):
    server = MailServerHere(secured, from_the_start=from_the_start)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.house
    finally:
        server.house.holds.set()
        server.shutdown()
        server.server_close()
        thread.join()


def paper_for(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of its own making, and one that trusts only that."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    paper = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = paper.public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "paper.pem").write_bytes(written + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "paper.pem")
    return server, ssl.create_default_context(cadata=written.decode())
