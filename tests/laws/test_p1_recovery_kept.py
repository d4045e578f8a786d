"""What recovery lays down stays, is rehearsed, and is read off paper however it is typed."""

from __future__ import annotations

import json
from datetime import timedelta

import psycopg
import pytest
from click.testing import CliRunner
from nacl.public import PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.locking import hand_of
from tests.laws.recovery_scene import AT, TEST, Scene, scene_of
from union.cli.keys import keys
from union.infra.recovery import (
    RecoveryTrouble,
    RehearsalUntrueError,
    recovery_troubles,
    write_rehearsal,
)
from union.infra.recovery_papers import (
    PaperMiswrittenError,
    figures_of,
    read_paper,
    rehearse,
    write_paper,
)
from union.infra.sealing import MINORS, OpenCircle
from union.kernel.actor import Role
from union.office.locking.recovering import let_in_recovered, recovery


@pytest.fixture
def scene(committing) -> Scene:
    return scene_of(committing)


def test_a_rehearsal_opens_a_canary_and_counts_once(scene, clock):
    with scene.unit.reading(TEST) as work:
        assert recovery_troubles(work) == [RecoveryTrouble.NOT_REHEARSED]
    boxes = scene.export()
    assert boxes.target is None
    content = rehearse(boxes, *scene.papers)
    with pytest.raises(RehearsalUntrueError), scene.unit.begin(TEST) as work:
        write_rehearsal(work, bytes(16))
    with scene.unit.begin(TEST) as work:
        write_rehearsal(work, content)
    with pytest.raises(RehearsalUntrueError), scene.unit.begin(TEST) as work:
        write_rehearsal(work, content)
    with scene.unit.reading(TEST) as work:
        assert recovery_troubles(work) == []
    clock.advance(timedelta(days=366))
    with scene.unit.reading(TEST) as work:
        assert recovery_troubles(work) == [RecoveryTrouble.NOT_REHEARSED]
    with pytest.raises(DBAPIError) as refused, scene.unit.begin(TEST) as work:
        work.session.execute(
            text(
                f"INSERT INTO recovery_rehearsal SELECT max(id), '\\x00', {AT} FROM recovery_canary"
            )
        )
    assert refused.value.orig.diag.constraint_name


@pytest.mark.parametrize(
    "table",
    [
        "recovery_paper",
        "recovery_set",
        "recovery_box",
        "recovery_wrap",
        "recovery_canary",
    ],
)
def test_what_was_laid_down_stays(scene, fresh_database, table):
    scene.export()
    column = "made_by" if table in {"recovery_set", "recovery_wrap"} else None
    column = column or {"recovery_box": "box", "recovery_canary": "wrapped"}.get(table, "made_at")
    attacks = (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}")
    for attack in (*attacks, f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DBAPIError) as refused, scene.unit.begin(TEST) as work:
            work.session.execute(text(attack))
        assert refused.value.orig.sqlstate == "42501"
        owner = psycopg.connect(fresh_database.owner_url, autocommit=True)
        with owner, pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(attack)


def test_a_paper_is_read_however_it_is_typed_and_a_slip_of_the_pen_is_found():
    secret = PrivateKey.generate()
    groups = write_paper(bytes(secret))
    assert bytes(read_paper("-".join(groups).lower())) == bytes(secret)
    written = "".join(groups)
    for place, sign in enumerate(written):
        wrong = "7" if sign != "7" else "8"
        with pytest.raises(PaperMiswrittenError):
            read_paper(written[:place] + wrong + written[place + 1 :])
    for place in range(len(groups) - 1):
        exchanged = [*groups]
        exchanged[place], exchanged[place + 1] = exchanged[place + 1], exchanged[place]
        with pytest.raises(PaperMiswrittenError):
            read_paper("".join(exchanged))
    for short in ("", written[:-1], written + "0"):
        with pytest.raises(PaperMiswrittenError):
            read_paper(short)


def test_the_ceremony_is_two_commands_over_a_file_and_no_database(scene, tmp_path):
    newcomer = scene.newcomer()
    file, out = tmp_path / "boxes", tmp_path / "wrapped"
    boxes = scene.export(newcomer)
    file.write_text(json.dumps(boxes.said()))
    papers = "".join(" ".join(write_paper(bytes(one))) + "\n" for one in scene.papers)
    runner = CliRunner()
    said = runner.invoke(keys, ["recover", str(file), str(out)], input=f"y\n{papers}")
    assert said.exit_code == 0, said.output
    assert figures_of(boxes.target[1]) in said.output
    assert not any(group in said.output for group in papers.split())
    assert out.stat().st_mode & 0o077 == 0
    wrapped = json.loads(out.read_text())
    with scene.unit.begin(TEST) as work:
        keys_given = {name: bytes.fromhex(key) for name, key in wrapped["keys"].items()}
        let_in_recovered(work, wrapped["person"], keys_given)
    with scene.unit.begin(hand_of(newcomer)) as work:
        OpenCircle(work, MINORS, "another set of opening words")
    doubted = runner.invoke(keys, ["recover", str(file), str(tmp_path / "no")], input="n\n")
    assert doubted.exit_code != 0
    assert not (tmp_path / "no").exists()
    tried = runner.invoke(keys, ["rehearse", str(file)], input=papers)
    with scene.unit.begin(TEST) as work:
        write_rehearsal(work, bytes.fromhex(tried.output.splitlines()[-1]))


def test_the_page_says_what_is_hers_to_do(scene):
    with scene.unit.reading(hand_of(scene.trustees[0], Role.TRUSTEE)) as work:
        seen = recovery(work)
    assert (seen.is_trustee, seen.has_paper, seen.hers) == (True, True, ())
    assert set(seen.papers) == set(scene.trustees)
