"""Kannel from Debian's packages, with its pretended network: started here, and ended here."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from tests.faults.processes import wait_for
from tests.ports import free_ports

FAKE_NETWORK = "/usr/lib/kannel/test/fakesmsc"
OURS = "56767"
HERE = "127.0.0.1"
PATIENCE_S = 60

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = pretended
admin-allow-ip = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = pretended
our-host = 127.0.0.1
port = {network}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {sending}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = sangha
password = {secret}
max-messages = 6
concatenation = true

group = sms-service
keyword = default
catch-all = true
post-url = "http://kannel:{secret}@{union}/in/sms/kannel?id=%I"
send-sender = true
max-messages = 0
"""


@dataclass
class Kannel:
    """A running gateway; `network` is what its pretended telephones are shown."""

    ports: dict[str, int]
    folder: Path
    processes: ExitStack
    networks: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.ports['sending']}/cgi-bin/sendsms"

    def telephones(self, *texts: str) -> None:
        """Telephones on the network, which send these texts ("from to text words") one by one."""
        if self.networks:
            end(self.networks.pop())
        number = str(self.ports["network"])
        address = ["-H", HERE, "-r", number, "-m", str(len(texts))]
        begun = begin([FAKE_NETWORK, *address, *(texts or ["0 0 text none"])], self.log("network"))
        self.processes.callback(end, begun)
        self.networks.append(begun)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def shown(self) -> str:
        """What the telephones were shown, the parts of a text put together."""
        said = self.log("network").read_text(errors="replace")
        found = re.findall(r"Got message \d+: <(\S+) (\S+) (.*)>", said)
        return "".join(words_of(rest) for *_numbers, rest in found)

    def listens_only_here(self) -> bool:
        """Whether none of its ports is open to anybody but this machine."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        open_at = {row[1] for row in rows if row[3] == "0A"}
        ours = {f"{port:04X}" for port in self.ports.values()}
        found = {at for at in open_at if at.partition(":")[2] in ours}
        return len(found) == len(ours) and all(at.startswith("0100007F:") for at in found)


def words_of(rest: str) -> str:
    """The words of one part as the pretended network prints it."""
    *kinds, payload = rest.split(" ", 3) if rest.startswith("udh") else rest.split(" ", 1)
    raw = unquote_to_bytes(payload.replace("+", " "))
    return raw.decode("utf-8" if kinds[-1] == "text" else "utf-16-be")


@contextmanager
def running_kannel(folder: Path, union: str, secret: str) -> Iterator[Kannel]:
    """Bearerbox, smsbox and telephones on free ports of this machine, who knock at `union`."""
    ports = dict(zip(("admin", "boxes", "network", "sending"), free_ports(4), strict=True))
    file = folder / "kannel.conf"
    file.write_text(CONFIGURATION.format(**ports, union=union, secret=secret))
    with ExitStack() as processes:
        kannel = Kannel(ports, folder, processes)
        for program, waits_for in (("bearerbox", ("boxes", "network")), ("smsbox", ("sending",))):
            path = shutil.which(program) or f"/usr/sbin/{program}"
            processes.callback(end, begin([path, str(file)], kannel.log(program)))
            for name in waits_for:
                wait_for(lambda port=ports[name]: is_open(port), PATIENCE_S)
        kannel.telephones()
        yield kannel


def begin(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=log.parent)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make it if it does not."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def is_open(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex((HERE, port)) == 0
