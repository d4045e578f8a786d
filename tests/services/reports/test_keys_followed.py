"""Each verifier follows the key that was noted first, by the published lines and nothing else."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.builders.exports import seal_and_sign, write_export
from tests.builders.ledger import acting_as, make_books, make_receipt
from tests.builders.members import make_member
from tests.builders.readings import WHY
from union.infra.people import Person
from union.infra.reading_seals import lay_seal, say_head
from union.infra.readings import Reading, write_down
from union.infra.settings import Secrets
from union.infra.signing import Signer, fingerprint
from union.infra.successions import SigningKeys, hand_on
from union.kernel.actor import Actor, Grant, Role
from union.office.erasing.rules import FIRST, Certified
from union.office.models import ErasureCertificate
from union.office.readings.exporting import export_readings

STATIC = Path(__file__).parents[3] / "static"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass
class Union:
    """A union whose key is handed on day after day; its keys, the oldest first."""

    work: object
    clock: object
    file: Path
    folder: Path
    keys: list[SigningKeys]

    @property
    def first(self) -> str:
        return fingerprint(self.keys[0].signer.public_key)

    def goes_on(self, sign: Callable[[], object]) -> None:
        """Something is signed on each of four days, each but the last ended by a new key."""
        for day in range(4):
            sign()
            if day < 3:
                hand_on(self.file, self.clock.now())
                self.keys.append(Secrets.from_file(self.file).signing)
            self.clock.advance(DAY)

    def the_first_signs(self, sign: Callable[[], object]) -> None:
        """The key that was handed on first signs once more, as whoever copied it could."""
        ours, self.work.vault.signing = self.work.vault.signing, lambda: self.keys[0]
        sign()
        self.work.vault.signing = ours

    def lines(self, change=lambda rows: rows) -> Path:
        """The published lines, changed by ``change`` (rows in, rows out)."""
        rows = change(json.loads(self.file.read_text())["successions"])
        path = self.folder / "keys.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        return path


@dataclass
class Paper:
    """What one verifier checks: signed in four days by four keys, or once more by the first."""

    union: Union
    program: str
    sign: Callable[[], object]
    files: Callable[[], list[Path]]

    def told(self, *options: str) -> tuple[int, str]:
        """What the verifier says, run alone: no packages, nothing of ours to import."""
        program = [sys.executable, "-I", "-S", str(STATIC / self.program)]
        ended = subprocess.run(
            [*program, *map(str, self.files()), *options],
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, ended.stdout + ended.stderr

    def followed(self, keys: Path) -> tuple[int, str]:
        return self.told("--keys", str(keys), "--key", self.union.first)


@pytest.fixture
def union(work, clock, tmp_path):
    file = tmp_path / "secrets.json"
    Secrets.from_file_or_new(file)
    work.vault.signing = lambda: Secrets.from_file(file).signing
    return Union(work, clock, file, tmp_path, [Secrets.from_file(file).signing])


def books(union: Union) -> Paper:
    make_books(union.work)
    serials = iter(range(100, 200))

    def sign() -> None:
        make_receipt(union.work, next(serials))
        seal_and_sign(union.work)

    def files() -> list[Path]:
        return [write_export(union.work, union.folder / "books.zip")]

    return Paper(union, "verify_books.py", sign, files)


def readings(union: Union) -> Paper:
    work = union.work
    her = work.session.get_one(Person, make_member(work).person_id)
    reader = Actor(make_member(work).person_id, None, frozenset({Grant(Role.PARALEGAL)}))

    def sign() -> None:
        with acting_as(work, reader):
            write_down(work, Reading("opened_case", "legal_case", 7, her.id, WHY), her.key_ref)
        lay_seal(work)
        say_head(work, work.clock.today())

    def files() -> list[Path]:
        copy = union.folder / "copy.zip"
        with copy.open("wb") as opened:
            export_readings(work, opened)
        return [copy]

    return Paper(union, "verify_readings.py", sign, files)


def certificate(number: int, previous: bytes, at: datetime, signer: Signer) -> ErasureCertificate:
    ended = at - timedelta(minutes=1)
    certified = Certified(
        number=number,
        previous_hash=previous,
        order_ref="abcDEF123456",
        asked_at=ended,
        asked_how="herself",
        told_at=ended,
        made_at=at,
        keys={UUID(int=number): ended},
        stays={},
    )
    signed = signer.sign(certified.said.encode())
    return ErasureCertificate(
        number=number, said=certified.said, public_key=signed.public_key, signature=signed.value
    )


def certificates(union: Union) -> Paper:
    made: list[ErasureCertificate] = []

    def sign() -> None:
        previous = hashlib.sha256(made[-1].said.encode()).digest() if made else FIRST
        signer = union.work.vault.signing().signer
        made.append(certificate(len(made) + 1, previous, union.clock.now(), signer))

    def files() -> list[Path]:
        paths = [union.folder / f"{one.number}.txt" for one in made]
        for path, one in zip(paths, made, strict=True):
            path.write_text(one.as_file)
        return paths

    return Paper(union, "verify_certificate.py", sign, files)


@pytest.fixture(params=[books, readings, certificates], ids=lambda one: one.__name__)
def paper(request, union):
    made = request.param(union)
    union.goes_on(made.sign)
    return made


def test_the_key_noted_first_is_enough(paper):
    assert len({key.signer.public_key for key in paper.union.keys}) == 4
    code, said = paper.followed(paper.union.lines())
    assert (code, said.splitlines()[-1]) == (0, "All is well."), said
    assert paper.told("--key", paper.union.first)[1].count("by another key") == 3


def test_any_copy_that_carries_the_lines_will_do(paper):
    copy = paper.union.folder / "another.zip"
    with zipfile.ZipFile(copy, "w") as file:
        file.write(paper.union.lines(), "keys.jsonl")
    assert paper.followed(copy)[0] == 0
    with zipfile.ZipFile(copy, "w") as file:
        file.writestr("heads.jsonl", "")
    code, said = paper.followed(copy)
    assert (code, said.count("names another key")) == (1, 3)


def test_a_line_that_the_key_before_did_not_sign_is_refused(paper):
    thief = Signer(b"stranger" * 4)

    def forge(rows):
        text = "|".join(("succession-v1", rows[1]["old"], rows[1]["new"], rows[1]["made_at"]))
        by = thief.sign(text.encode()).value.hex()
        return [rows[0], {**rows[1], "by_old": by}, rows[2]]

    code, said = paper.followed(paper.union.lines(forge))
    assert (code, said.count("was handed on, not both have signed")) == (1, 1), said
    assert said.count("names another key") == 2


def test_a_line_taken_from_the_middle_is_missed(paper):
    code, said = paper.followed(paper.union.lines(lambda rows: [rows[0], rows[2]]))
    after = fingerprint(paper.union.keys[2].signer.public_key)
    assert (code, f"leads from the noted key to {after}: one is missing" in said) == (1, True), said
    assert said.count("names another key") == 2


def test_what_a_key_signs_after_its_end_is_refused(paper):
    paper.union.the_first_signs(paper.sign)
    code, said = paper.followed(paper.union.lines())
    assert (code, said.count("which was handed on before")) == (1, 1), said
    assert f"key {paper.union.first}, which" in said
    every = [part for key in paper.union.keys for part in ("--key", noted(key))]
    assert paper.told(*every)[0] == 0


def noted(key: SigningKeys) -> str:
    return fingerprint(key.signer.public_key)


def test_it_wants_the_one_key_that_was_noted_and_lines_it_can_read(paper):
    lines = paper.union.lines()
    for keys in ((), ("--key", "1234" * 4, "--key", "5678" * 4)):
        code, said = paper.told("--keys", str(lines), *keys)
        assert (code, "--keys goes with one --key" in said) == (2, True)
    assert paper.followed(paper.union.folder / "nowhere.jsonl")[0] == 2
    lines.write_text("hello\n")
    assert paper.followed(lines)[0] == 2
    code, said = paper.told("--keys", str(paper.union.lines()), "--key", fingerprint(bytes(32)))
    assert (code, "is not in this file" in said) == (1, True)


def test_so_few_figures_that_a_key_could_be_made_to_fit_are_not_taken(paper):
    figures = paper.union.first.replace(" ", "")
    for few in (figures[:15], "", "x" * 16):
        code, said = paper.told("--key", few)
        assert (code, "give 16 or more figures" in said) == (2, True), said
    assert paper.told("--keys", str(paper.union.lines()), "--key", figures[:16])[0] == 0


def test_the_one_that_follows_keys_misses_the_line_too(union):
    made = books(union)
    union.goes_on(made.sign)
    (export,) = made.files()
    cut = replace(made, program="verify_keys.py", files=lambda: [without_the_second(export)])
    code, said = cut.told("--key", union.first)
    assert (code, "one is missing" in said) == (1, True), said


def without_the_second(export: Path) -> Path:
    cut = export.with_name("cut.zip")
    with zipfile.ZipFile(export) as old, zipfile.ZipFile(cut, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name == "keys.jsonl":
                first, _, third = held.splitlines()
                held = b"\n".join((first, third))
            new.writestr(name, held)
    return cut


@pytest.mark.parametrize(
    ("by", "after", "code"),
    [
        (0, HOUR, 0),
        (0, HOUR + timedelta(microseconds=1), 1),
        (1, HOUR * 2, 0),
    ],
)
def test_what_was_begun_with_a_key_may_be_signed_an_hour_later(union, by, after, code):
    at = union.clock.now()
    hand_on(union.file, at)
    union.keys.append(Secrets.from_file(union.file).signing)
    path = union.folder / "one.txt"
    path.write_text(certificate(1, FIRST, at + after, union.keys[by].signer).as_file)
    one = Paper(union, "verify_certificate.py", lambda: None, lambda: [path])
    assert one.followed(union.lines())[0] == code


def test_within_that_hour_nothing_of_the_old_key_stands_on_what_the_new_one_signed(union):
    made = certificates(union)
    made.sign()
    hand_on(union.file, union.clock.now())
    union.clock.advance(timedelta(minutes=5))
    made.sign()
    assert made.followed(union.lines())[0] == 0
    union.the_first_signs(made.sign)
    code, said = made.followed(union.lines())
    assert (code, said.count("which was handed on before")) == (1, 1), said
