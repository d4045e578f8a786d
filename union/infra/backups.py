"""What a backup is: the union, its keys and its secrets in sealed files, told of by a manifest.

Owns the manifest and which files belong to it; the keys are dumped after what they open, so that
every subject in the one has its key in the other. It must never put both into one folder unasked.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from union.infra.machine_keys import write_whole
from union.infra.sealed_files import sha256_of
from union.infra.signing import Signature, Signer, is_signed
from union.kernel.errors import UnionError

MAIN, KEYS, SECRETS = "main", "keys", "secrets"
KINDS = (MAIN, KEYS)
SUFFIX = ".manifest.json"
LONGEST_BACKUP = timedelta(days=1)
"""What has no manifest after so long is no backup that is still being made."""

KEPT_FOR: Mapping[str, timedelta] = {MAIN: timedelta(days=35), KEYS: timedelta(days=14)}
"""How long each is kept. A union is restored with any later keys, so they need less; and what was
destroyed is gone from every backup when the last keys from before have gone."""


class ManifestUnreadableError(UnionError):
    """A manifest is not as it was written, or what it tells of is not there as it says."""

    code = "manifest_unreadable"


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed file: what lies in it, as of when, and how many rows of each table."""

    file: str
    sha256: str
    bytes: int
    as_of: datetime
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup as it is told: ``revision`` is the schema's; ``public_key`` is who signed it."""

    id: str
    made_at: datetime
    revision: str
    main: Part
    keys: Part
    secrets: Part
    public_key: bytes

    def part(self, kind: str) -> Part:
        """Its share of one kind."""
        return {MAIN: self.main, KEYS: self.keys, SECRETS: self.secrets}[kind]

    def said(self) -> bytes:
        """The text that is signed."""
        whole = asdict(self) | {"public_key": self.public_key.hex()}
        return json.dumps(whole, default=_plain, sort_keys=True, indent=1).encode()


def write_manifest(folders: Sequence[Path], manifest: Manifest, signer: Signer) -> list[Path]:
    """Lay the signed manifest into each folder; from now on there is a backup."""
    said = manifest.said()
    signed = json.dumps(
        {"said": said.decode(), "signature": signer.sign(said).value.hex()}, indent=1
    )
    files = [folder / f"{manifest.id}{SUFFIX}" for folder in folders]
    for file in files:
        write_whole(file, signed.encode())
    return files


def read_manifest(file: Path) -> Manifest:
    """The manifest, its own signature found true; whose key that is, is for the caller to ask."""
    try:
        signed = json.loads(file.read_text())
        said = signed["said"].encode()
        manifest = _manifest(json.loads(said))
        signature = Signature(manifest.public_key, bytes.fromhex(signed["signature"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestUnreadableError(file=file.name) from error
    if not is_signed(said, signature):
        raise ManifestUnreadableError(file=file.name)
    return manifest


def part_beside(file: Path, part: Part) -> Path:
    """The sealed file that lies beside a manifest, whole; ManifestUnreadableError otherwise."""
    beside = file.parent / Path(part.file).name
    if not beside.exists() or sha256_of(beside) != part.sha256:
        raise ManifestUnreadableError(file=part.file)
    return beside


def manifests_in(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    """Every readable manifest of a folder, the oldest first."""
    found = []
    for file in folder.glob(f"*{SUFFIX}"):
        try:
            found.append((file, read_manifest(file)))
        except ManifestUnreadableError:
            continue
    yield from sorted(found, key=lambda one: one[1].made_at)


def prune(folder: Path, kind: str, now: datetime, ours: Collection[bytes]) -> list[str]:
    """Remove from a folder what its kind is not kept for any longer, but never the newest.

    Only what our keys signed goes, or counts as the newest.
    """
    gone = []
    signed = [one for one in manifests_in(folder) if one[1].public_key in ours]
    for file, manifest in signed[:-1]:
        if manifest.made_at < now - KEPT_FOR[kind]:
            for path in (folder / Path(manifest.part(kind).file).name, file):
                path.unlink(missing_ok=True)
                gone.append(path.name)
    gone += _prune_leavings(folder, kind, now)
    needed = {manifest.secrets.file for _, manifest in manifests_in(folder)}
    if kind == KEYS:
        for packet in folder.glob(f"sangha-{SECRETS}-*.sealed"):
            if packet.name not in needed:
                packet.unlink()
                gone.append(packet.name)
    return gone


def _prune_leavings(folder: Path, kind: str, now: datetime) -> list[str]:
    """Remove what a backup that was killed has sealed: it has no manifest, and never will."""
    gone = []
    for file in folder.glob(f"sangha-*-{kind}.sealed"):
        manifest = folder / f"{file.name.removesuffix(f'-{kind}.sealed')}{SUFFIX}"
        is_old = file.stat().st_mtime < (now - LONGEST_BACKUP).timestamp()
        if is_old and not manifest.exists():
            file.unlink()
            gone.append(file.name)
    return gone


def _manifest(said: Mapping[str, Any]) -> Manifest:
    return Manifest(
        id=str(said["id"]),
        made_at=datetime.fromisoformat(said["made_at"]),
        revision=str(said["revision"]),
        main=_part(said[MAIN]),
        keys=_part(said[KEYS]),
        secrets=_part(said[SECRETS]),
        public_key=bytes.fromhex(said["public_key"]),
    )


def _part(said: Mapping[str, Any]) -> Part:
    return Part(**{**said, "as_of": datetime.fromisoformat(said["as_of"])})


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
