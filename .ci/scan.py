"""Lets a scanner of web pages (wapiti) attack a demonstration, once for each of its people.

Starts a demonstration of its own, signs each one in, bounds every walk by time, and reads the
scanner's account, what the door saw break and what the server noted. A finding nobody answered
fails, and so do an answer to one that is gone, and a walk that gave no account or whose sign-in
did not live to its end. The answers stand in `scan-answered.toml`. It attacks no union but its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess  # nosec B404 # starts the scanner and a demonstration, with words of this file
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from scan_door import Door, Told, open_door
from scan_findings import (
    Finding,
    NoAccountError,
    NotScannedError,
    faults,
    read_account,
    read_answers,
    read_door,
    read_log,
)

from union.demo.people import PEOPLE

CLONE = Path(__file__).resolve().parents[1]
ANSWERED = Path(__file__).with_name("scan-answered.toml")
ACCOUNTS = CLONE / ".venv" / "scanned"
"""Where the whole account of each walk lies, for whoever must mend what it tells of."""

LOG = Path("logs") / "union.log"
NOBODY = "nobody"
_ONE_EACH = {one.roles: one.sign_in_name for one in reversed(PEOPLE)}
ROLES = (*reversed(_ONE_EACH.values()), NOBODY)
"""One for each office, and whoever is not signed in."""
SECONDS, AT_ONCE, LEAST_ADDRESSES, TRIES = 180, 2, 4, 3
STARTS_WITHIN_S, ENDS_WITHIN_S, ANSWERS_WITHIN_S = 600, 180, 60

NO_PAGES_OF_OURS = ("/static", "/outside", "/sign-in/as")
ENDS_THE_WALK = (
    *("/leave", "/sign-out", "/sign-in", "/open", "/begin", "/passkey", "/prove", "/me/sessions"),
    *("/office/lock", "/office/back", "/office/people/ended", "/drawer"),
)
"""What ends her own sign-in or another's, puts another in its place, or locks the office."""

MODULES = (
    *("backup", "brute_login_form", "buster", "cms", "cookieflags", "crlf", "csp", "csrf", "exec"),
    *("file", "htaccess", "http_headers", "https_redirect", "methods", "network_device"),
    *("permanentxss", "redirect", "shellshock", "spring4shell", "sql", "ssrf", "timesql"),
    *("upload", "wp_enum", "xss", "xxe"),
)
"""All but those that ask the net (htp, log4shell, nikto, takeover, wapp), and ssl, and ldap.

No directory is asked anywhere, and a test holds that no library here could; that module took every
form that refuses a NUL for one.
"""

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Walk:
    """What one of the people saw: so many addresses by so many requests, and what was found."""

    role: str
    version: str
    addresses: int
    told: Told
    found: frozenset[Finding] = field(default_factory=frozenset)

    def __str__(self) -> str:
        """One line of the account."""
        walked = f"{self.addresses} addresses, {self.told.requests} requests"
        return f"{self.role}: {walked} ({self.version})"


def main(seconds: int, roles: Sequence[str]) -> int:
    """Say what was found; 0 only if every role was walked and every finding is answered."""
    shutil.rmtree(ACCOUNTS, ignore_errors=True)
    ACCOUNTS.mkdir(parents=True)
    try:
        answered = read_answers(ANSWERED)
        with demonstration() as (url, log):
            walks, failed = walk_all(url, roles or ROLES, seconds)
            found = {one for each in walks for one in each.found} | set(read_log(log))
    except NotScannedError as error:
        walks, failed, found, answered = [], [str(error)], set(), {}
    left = [*faults(found, answered, whole=not (roles or failed))]
    sys.stdout.writelines(f"{one}\n" for one in walks)
    sys.stderr.writelines(f"The pages could not be scanned: {one}\n" for one in failed)
    sys.stderr.writelines(f"{one}\n" for one in left)
    if failed:
        return 2
    if not left:
        sys.stdout.write("Nothing was found that is not answered.\n")
    return 1 if left else 0


@contextmanager
def demonstration() -> Iterator[tuple[str, Path]]:
    """A demonstration on a spare port and what it notes, in a place that goes with it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="sangha-scan-") as place:
        # Started by root, the parts run as somebody else, who must come through to what is his.
        Path(place).chmod(0o711)
        data, said = Path(place) / "data", Path(place) / "up.log"
        told = {**os.environ, "SANGHA_DATA": str(data), "PORT": str(port)}
        with said.open("wb") as log:
            started = subprocess.Popen(  # nosec B603 # this tree's own command
                [sys.executable, "-m", "union", "up"], cwd=CLONE, env=told, stdout=log, stderr=log
            )
            try:
                yield _answers(f"http://127.0.0.1:{port}", started, said), data / LOG
            finally:
                started.terminate()
                started.wait(ENDS_WITHIN_S)


def _answers(url: str, started: subprocess.Popen[bytes], said: Path) -> str:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and started.poll() is None:
        try:
            if requests.get(f"{url}/sign-in", timeout=ANSWERS_WITHIN_S).ok:
                return url
        except requests.RequestException:
            time.sleep(1)
    last = said.read_text().strip().splitlines()[-1:]
    raise NotScannedError(f"the demonstration did not start; it said last: {''.join(last)}")


def walk_all(url: str, roles: Sequence[str], seconds: int) -> tuple[list[Walk], list[str]]:
    """Each one's walk, two at a time, and which failed; who is not signed in walks last, alone."""
    signed_in = [role for role in roles if role != NOBODY]
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        came = [*lanes.map(lambda role: _tried(url, role, seconds), signed_in)]
    came += [_tried(url, role, seconds) for role in roles if role == NOBODY]
    walks = [one for one in came if isinstance(one, Walk)]
    return walks, [one for one in came if isinstance(one, str)]


def _tried(url: str, role: str, seconds: int, tries: int = TRIES) -> Walk | str:
    try:
        return walk(url, role, seconds)
    except NoAccountError as error:
        return _tried(url, role, seconds, tries - 1) if tries > 1 else f"as {role}: {error}"
    except (NotScannedError, requests.RequestException) as error:
        return f"as {role}: {error}"


def walk(url: str, role: str, seconds: int) -> Walk:
    """What is found as this one; NotScannedError without account, or if she was signed out."""
    cookies = {} if role == NOBODY else sign_in(url, role)
    keeps_out = NO_PAGES_OF_OURS + (() if role == NOBODY else ENDS_THE_WALK)
    with open_door(url, keeps_out, cookies) as door:
        account = ask(door, url, cookies, seconds)
    (ACCOUNTS / f"{role}.json").write_text(json.dumps(account, indent=1))
    (ACCOUNTS / f"{role}.broke").write_text("".join(f"{one}\n" for one in door.told.broke))
    if role != NOBODY and not still_open(url, door.told.cookie):
        raise NotScannedError("the sign-in ended before the walk did")
    infos = account["infos"]
    found = frozenset((*read_account(account), *read_door(door.told)))
    walked = Walk(role, infos["version"], infos["crawled_pages_nbr"], door.told, found)
    if walked.addresses < LEAST_ADDRESSES or not door.told.requests:
        raise NotScannedError(f"only {walked.addresses} addresses were found")
    return walked


def sign_in(url: str, role: str) -> Mapping[str, str]:
    """The cookies of a browser in which one of the demonstration's people is signed in."""
    browser = requests.Session()
    token = _TOKEN.search(browser.get(f"{url}/sign-in", timeout=ANSWERS_WITHIN_S).text)
    sent = {"csrf_token": token[1] if token else "", "sign_in_name": role}
    browser.post(f"{url}/sign-in/as", data=sent, timeout=ANSWERS_WITHIN_S)
    cookies = browser.cookies.get_dict()
    if not still_open(url, "; ".join(f"{name}={value}" for name, value in cookies.items())):
        raise NotScannedError("signing in failed")
    return cookies


def still_open(url: str, cookie: str) -> bool:
    """Whether this cookie opens the first page."""
    told = requests.get(
        f"{url}/", headers={"Cookie": cookie}, timeout=ANSWERS_WITHIN_S, allow_redirects=False
    )
    return told.status_code == requests.codes.ok


def ask(door: Door, url: str, cookies: Mapping[str, str], seconds: int) -> Mapping[str, Any]:
    """The scanner's account of a walk through a door; NotScannedError if it gives none."""
    program = shutil.which("wapiti")
    if program is None:
        raise NotScannedError("wapiti is not here (PyPI: wapiti3)")
    with tempfile.TemporaryDirectory() as folder:
        out, kept = Path(folder) / "out.json", Path(folder) / "cookies.json"
        kept.write_text(json.dumps(_as_it_keeps(url, cookies)))
        command = [program, "-u", f"{url}/", "-s", f"{url}/sign-in", "-c", str(kept)]
        command += ["-m", ",".join(MODULES), "--scope", "folder", "--skip", "csrf_token"]
        command += ["-p", door.url, "--endpoint", f"{door.url}/", "--dns-endpoint", "localhost"]
        command += ["--store-session", folder, "--store-config", folder, "--no-bugreport"]
        command += ["--max-scan-time", str(seconds // 5)]
        command += ["--max-attack-time", str(max(1, seconds // len(MODULES)))]
        # One page at a time: several of its tasks lock each other out of what it keeps.
        command += ["--max-files-per-dir", "40", "--tasks", "1", "-v", "0"]
        command += ["-f", "json", "-o", str(out), *_excluding(url, door.keeps_out)]
        try:
            done = subprocess.run(  # noqa: S603  # nosec B603 # of constants and our own address
                command, check=False, timeout=4 * seconds, capture_output=True, text=True
            )
            return json.loads(out.read_text())
        except FileNotFoundError as error:
            lines = [one for one in done.stderr.splitlines() if "Error" in one]
            said = lines[-1:] or [f"it ended with {done.returncode}"]
            raise NoAccountError(f"wapiti gave no account: {said[0]}") from error
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise NoAccountError(f"wapiti gave no account: {type(error).__name__}") from error


def _as_it_keeps(url: str, cookies: Mapping[str, str]) -> Mapping[str, Any]:
    more = {"version": 0, "secure": False, "expires": None, "port": None}
    kept = {name: {"value": value, **more} for name, value in cookies.items()}
    return {str(urlsplit(url).hostname): {"/": kept}}


def _excluding(url: str, keeps_out: Collection[str]) -> Iterator[str]:
    """The door is shut to these anyway; so told, the scanner does not waste its time on them."""
    for path in sorted(keeps_out):
        for more in ("", "/*", "?*"):
            yield from ("-x", f"{url}{path}{more}")


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else SECONDS, given[1:]))
