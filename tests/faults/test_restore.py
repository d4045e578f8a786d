"""A union is backed up while people write, and brought back by somebody who is killed on the way.

Whenever that happens the living union is untouched until all of it changes places, the same
command goes on, and the end is the same: everything of the backup, no erased key, nothing sent
twice. On embedded parts of one's own, as `union backup` and `union restore` find them.
"""

from __future__ import annotations

import dataclasses
import json
import shutil

import psycopg
import pytest
from sqlalchemy import func, select

from tests.builders.members import make_member
from tests.faults import points
from tests.faults.saved import TEST, Scene, everything_is_back
from union.cli.running import built_house, settings_of
from union.infra.backups import read_manifest
from union.infra.db import libpq_url
from union.infra.embedded import StartError, parts
from union.infra.embedded.saving import counts_of
from union.infra.settings import Secrets
from union.infra.signing import fingerprint
from union.members.models import Member

LONG = pytest.mark.prove
KEPT = (
    pytest.param("union.infra.embedded.bringing:Bringing.check after 1", marks=LONG),
    "union.infra.embedded.dumps:_refuse_failure before 2",
    pytest.param("union.infra.embedded.bringing:Bringing.fill_main after 1", marks=LONG),
    pytest.param("union.infra.embedded.bringing:Bringing.fill_keys after 1", marks=LONG),
    pytest.param("union.infra.embedded.bringing:Bringing.destroy_again after 1", marks=LONG),
    "union.cli.restore:put_to_rest after 1",
)
"""Until here the living union is as it was."""

CHANGING = (
    pytest.param("union.infra.embedded.bringing:rename before 1", marks=LONG),
    "union.infra.embedded.bringing:rename after 1",
    pytest.param("union.infra.embedded.bringing:Bringing._change_secrets after 1", marks=LONG),
)
"""From here on nobody may start before it is ended."""


@pytest.mark.parametrize("at", KEPT)
def test_killed_before_it_changes_places_nothing_has_changed(scene, at):
    before = scene.looked()
    said = scene.restore(scene.told["main"], scene.told["keys"], at)
    assert points.KILLED in said, said
    assert scene.looked() == before
    with parts({"SANGHA_DATA": str(scene.data)}):
        pass
    said = scene.restore(scene.told["main"], scene.told["keys"])
    assert "The union is back" in said, said
    everything_is_back(scene)


@pytest.mark.parametrize("at", CHANGING)
def test_killed_while_it_changes_places_only_the_end_is_missing(scene, at):
    said = scene.restore(scene.told["main"], scene.told["keys"], at)
    assert points.KILLED in said, said
    with pytest.raises(StartError, match="call `union restore` again"):
        parts({"SANGHA_DATA": str(scene.data)}).__enter__()
    another = scene.restore(scene.told["late_main"], scene.told["late_keys"])
    assert "Another restore is half done" in another
    said = scene.restore(scene.told["main"], scene.told["keys"])
    assert "The union is back" in said, said
    everything_is_back(scene)


def test_called_again_after_the_end_it_only_removes_what_was_before(scene):
    pair = [str(scene.told[one]) for one in ("main", "keys")]
    command = ["restore", *pair, "--open-with", str(scene.folder / "opens")]
    assert "The union is back" in scene.call([*command, "--again"])
    with scene.house() as house, house.unit.begin(TEST) as work:
        make_member(work, called="Since")
    before = scene.looked()
    said = scene.call(command)
    assert "came back from this backup already" in said, said
    said = scene.call([*command, "--drop-old"])
    assert "sangha_before_1 and sangha_keys_before_1 are removed" in said, said
    assert scene.looked() == before
    assert "came back from this backup already" in scene.call([*command, "--drop-old"])
    with psycopg.connect(scene.endpoints.admin_url) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    assert not [name for name in names if "before" in name]
    assert sorted(one.name for one in scene.data.glob("*.json")) == ["secrets.json"]


def test_a_union_comes_back_on_a_machine_that_never_had_one(scene):
    """Without its secrets, and without a login that was given rights: that one it asks for."""
    _give_rights(scene, scene.endpoints.owner_database_url, "reader")
    _give_rights(scene, scene.endpoints.keystore_owner_url, "opener")
    pair = scene.backup()
    new = dataclasses.replace(scene, data=scene.data.with_name("new"))
    said = new.restore(*pair)
    assert "logins that are not here (reader)" in said, said
    environ = {"SANGHA_DATA": str(new.data), "SANGHA_SECRETS": str(new.data / "secrets.json")}
    with parts(environ) as endpoints, psycopg.connect(endpoints.admin_url) as connection:
        connection.execute("CREATE ROLE reader")
    said = new.restore(*pair)
    assert "The union is back" in said, said
    with parts(environ) as endpoints, built_house(settings_of(endpoints)) as house:
        back = counts_of(endpoints.owner_database_url)
        with house.unit.begin(TEST) as work:
            make_member(work, called="Since")
    assert back["member"] == read_manifest(pair[0]).main.counts["member"]


def _give_rights(scene: Scene, url: str, role: str) -> None:
    with psycopg.connect(scene.endpoints.admin_url) as connection:
        connection.execute(f"CREATE ROLE {role}")
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")


def test_later_keys_open_an_earlier_union(scene):
    said = scene.restore(scene.told["main"], scene.told["late_keys"])
    assert "The union is back" in said, said
    with scene.house() as house, house.unit.reading(TEST) as work:
        held = work.session.scalar(select(func.count()).select_from(Member))
    assert held == read_manifest(scene.told["main"]).main.counts["member"]


def test_earlier_keys_under_a_later_union_are_refused(scene):
    """What was made since has no key there: it says how many, and nothing has changed."""
    before = scene.looked()
    late = read_manifest(scene.told["late_main"])
    early = read_manifest(scene.told["keys"])
    assert late.keys.counts["data_key"] > early.keys.counts["data_key"]
    said = scene.restore(scene.told["late_main"], scene.told["keys"])
    assert "have no key among these keys, which are older" in said, said
    assert scene.looked() == before
    (scene.data / "restore.json").unlink()


def test_whoever_uses_the_union_is_not_thrown_out(scene):
    with psycopg.connect(scene.endpoints.database_url):
        said = scene.restore(scene.told["main"], scene.told["keys"])
        assert "Somebody uses the databases" in said, said
    with scene.house() as house:
        scene.erase(house, scene.told["erased_last"])
    with parts({"SANGHA_DATA": str(scene.data)}):
        pass
    assert "The union is back" in scene.restore(scene.told["main"], scene.told["keys"])
    everything_is_back(scene)


def test_without_the_list_of_destroyed_keys_nothing_comes_back(scene, tmp_path):
    """The two files alone, brought from where no list lies beside them."""
    alone = []
    for kind in ("main", "keys"):
        (tmp_path / kind).mkdir()
        for file in (scene.folder / kind).iterdir():
            if not file.name.endswith(".log"):
                shutil.copy(file, tmp_path / kind)
        alone.append(tmp_path / kind / scene.told[kind].name)
    assert "There is no list of destroyed keys" in scene.restore(*alone)
    newest = str(scene.folder / "keys" / "sangha-erasures.log")
    assert "The union is back" in scene.restore(*alone, "", "--erasures", newest)
    everything_is_back(scene)


def test_an_old_list_beside_an_old_backup_counts_when_its_key_is_named(scene, tmp_path):
    """The living secrets say that its key was handed on: what it signed may be a thief's."""
    for one in ("main", "keys"):
        shutil.copytree(scene.folder / one, tmp_path / one)
    pair = [tmp_path / one / scene.told[one].name for one in ("main", "keys")]
    key = fingerprint(Secrets.from_file(scene.endpoints.secrets_file).signing.signer.public_key)
    assert "was handed on" in scene.call(["keys", "renew-signing", key])
    before = scene.looked()
    said = scene.restore(*pair)
    assert f'--former-key "{key}"' in said, said
    assert scene.looked() == before
    assert "The union is back" in scene.restore(*pair, "", "--former-key", key)
    everything_is_back(scene)


@pytest.mark.parametrize("kind", ["main", "keys"])
def test_a_changed_file_is_refused(scene, tmp_path, kind):
    for one in ("main", "keys"):
        shutil.copytree(scene.folder / one, tmp_path / one)
    manifest = read_manifest(scene.told[kind])
    sealed = tmp_path / kind / manifest.part(kind).file
    held = bytearray(sealed.read_bytes())
    held[-20] ^= 1
    sealed.write_bytes(held)
    pair = [tmp_path / one / scene.told[one].name for one in ("main", "keys")]
    assert "ManifestUnreadableError" in scene.restore(*pair)
    signed = json.loads(pair[0].read_text())
    pair[0].write_text(json.dumps({**signed, "said": signed["said"].replace("member", "mamber")}))
    assert "ManifestUnreadableError" in scene.restore(*pair)
