"""P1: what her opening words opened lies in two halves for minutes, and no half opens anything.

Attacked with the whole database, the secrets of the machine and the application's own login; with
her cookie in another sign-in; after everything that ends it; in a dump; by sending it once more.
"""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.public import PrivateKey
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import give_role, make_account, make_signed_in
from tests.builders.ledger import acting_as
from tests.builders.legal import WORDS, choose_words, make_paralegal
from tests.cluster import _place as place_of
from tests.laws.test_p1_names_stay_sealed import everything
from union.identity.models import Account, SignInSession
from union.identity.services import sign_out
from union.identity.services.sessions import Ended, end_all_of
from union.infra.embedded.dumps import dumped, find_tools
from union.infra.opened_keys import (
    LASTS,
    RESTS,
    OpenedKey,
    open_for_minutes,
    open_until,
    opened_key,
    shut,
    shut_all,
)
from union.infra.sealing import (
    LEGAL_NAMES,
    MINORS,
    OpenCircle,
    OwnKey,
    PassphraseWrongError,
    WordsAskedError,
    make_circle,
    open_own_key,
)
from union.kernel.actor import Actor, Grant, Proof, Role

TEST = Actor.system("test")


LAY = """
INSERT INTO opened_key (token_hash, person_id, boxed, opened_at, last_used_at, ends_at)
SELECT s.token_hash, :person, decode(repeat('00', 60), 'hex'), :now, :now,
       CAST(:now AS timestamptz) + CAST(:lasts AS interval)
  FROM sign_in_session s JOIN user_account a ON a.id = s.account_id WHERE a.person_id = :whose
"""


@contextmanager
def held_by(work, law):
    """What stands inside is refused by the database in the name of this law."""
    with pytest.raises(DBAPIError) as caught, work.session.begin_nested():
        yield
    assert caught.value.orig.diag.constraint_name == law


class Held:
    """Somebody whose key is open: her actor, her sign-in's token and her browser's half."""

    def __init__(self, work) -> None:
        self.her = make_paralegal(work)
        choose_words(work, self.her)
        self.token = make_signed_in(work, [Role.PARALEGAL], self.her.person_id)
        with acting_as(work, self.her):
            self.half = open_for_minutes(work, self.token, WORDS)

    def opens(self, work, token=None, half=None) -> bool:
        with acting_as(work, self.her):
            own = opened_key(work, token or self.token, self.half if half is None else half)
        return own is not None


@pytest.fixture
def held(work) -> Held:
    return Held(work)


def test_both_halves_together_open_what_her_words_open(work, held):
    with acting_as(work, held.her):
        mine = open_own_key(work, WORDS)
        again = opened_key(work, held.token, held.half)
        assert (bytes(again.secret), again.kept, mine.kept) == (bytes(mine.secret), True, False)
        assert open_until(work, held.token) == work.clock.now() + RESTS
        assert str(again.secret) not in repr(again)
        with pytest.raises(PassphraseWrongError):
            open_for_minutes(work, held.token, "any other words at all")


def test_the_database_and_every_secret_of_the_machine_open_nothing(work, held, machine_secrets):
    row = work.session.get(OpenedKey, work.vault.fingerprint("token", held.token))
    about = b"opened_key|" + row.token_hash + b"|" + str(row.person_id).encode()
    keys = [machine_secrets.index_key, machine_secrets.signing_key, bytes(32), row.token_hash]
    keys += [key for _version, key in machine_secrets.machine_keys.held]
    keys += [work.vault.fingerprint(one, held.token) for one in ("token", "opened_key", "k")]
    for key in keys:
        assert not held.opens(work, half=key)
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(row.boxed[:12], row.boxed[12:], about)
    assert not held.opens(work, half=b"")
    found = {cell for _table, cell in everything(work)}
    for secret in (held.half, held.token.encode(), WORDS.encode()):
        assert not any(secret.hex() in cell or secret.decode("latin-1") in cell for cell in found)


def test_a_cookie_opens_nothing_in_another_sign_in_not_even_with_the_box_beside_it(work, held):
    other = make_signed_in(work, [Role.PARALEGAL], held.her.person_id)
    assert not held.opens(work, token=other)
    row = work.session.get(OpenedKey, work.vault.fingerprint("token", held.token))
    moved = {name: getattr(row, name) for name in ("person_id", "boxed", "opened_at", "ends_at")}
    stolen = work.vault.fingerprint("token", other)
    work.session.add(OpenedKey(**moved, token_hash=stolen, last_used_at=row.last_used_at))
    work.session.flush()
    assert not held.opens(work, token=other)
    assert held.opens(work)


def test_nor_for_anybody_else_who_acts_in_her_sign_in(work, held):
    for other in (make_paralegal(work), replace(held.her, duress=True), Actor.anonymous()):
        with acting_as(work, other):
            assert opened_key(work, held.token, held.half) is None
            assert open_until(work, held.token) is None


def test_it_rests_after_ten_minutes_and_ends_after_thirty(work, held, clock):
    minute = timedelta(minutes=1)
    clock.advance(RESTS - minute)
    assert held.opens(work)
    clock.advance(RESTS - minute)
    assert held.opens(work)
    clock.advance(RESTS - minute)
    assert held.opens(work)
    clock.advance(LASTS - 3 * (RESTS - minute))
    assert not held.opens(work)


def test_left_alone_it_shuts_and_stays_so(work, held, clock):
    clock.advance(RESTS)
    assert not held.opens(work)
    with held_by(work, "opened_key_rests"):
        work.session.execute(text("UPDATE opened_key SET last_used_at = :at"), {"at": clock.now()})


def signs_out(work, held):
    sign_out(work, held.token)


def ends_all(work, held):
    end_all_of(work, held.her.account_id, Ended.BY_HER)


def is_given_a_role(work, held):
    give_role(work, held.her.account_id, Grant(Role.OPERATOR))


def loses_a_role(work, held):
    work.session.execute(
        text("UPDATE role_grant SET ended_at = :at WHERE account_id = :id"),
        {"at": work.clock.now(), "id": held.her.account_id},
    )


def is_closed(work, held):
    account = work.session.get(Account, held.her.account_id)
    account.closed_at = work.clock.now()
    work.session.flush()


def is_forced(work, held):
    begun = work.session.get(SignInSession, work.vault.fingerprint("token", held.token))
    cells = {column.name: getattr(begun, column.name) for column in SignInSession.__table__.columns}
    elsewhere = {"token_hash": bytes(32), "ref": "forced000000", "duress": True}
    work.session.add(SignInSession(**cells | elsewhere))
    work.session.flush()


def shuts_it(work, held):
    shut(work, held.token)


def everybodys_is_shut(work, _held):
    shut_all(work)


ENDS = (
    signs_out,
    ends_all,
    is_given_a_role,
    loses_a_role,
    is_closed,
    is_forced,
    shuts_it,
    everybodys_is_shut,
)


@pytest.mark.parametrize("ends", ENDS)
def test_it_ends_in_the_commit_of_whatever_ends_or_changes_her_sign_in(work, held, ends):
    assert held.opens(work)
    ends(work, held)
    assert work.session.scalar(text("SELECT count(*) FROM opened_key")) == 0
    assert not held.opens(work)


@pytest.mark.parametrize("circle", [LEGAL_NAMES, MINORS])
def test_names_and_the_young_ask_for_her_words_every_time(work, held, circle):
    make_circle(work, circle, [held.her.person_id])
    with acting_as(work, held.her):
        own = opened_key(work, held.token, held.half)
        with pytest.raises(WordsAskedError):
            OpenCircle(work, circle, own)
        assert OpenCircle(work, circle, WORDS)


def lay(work, whose, *, person=None, lasts="30 minutes"):
    now = work.clock.now()
    values = {"whose": whose, "person": person or whose, "now": now, "lasts": lasts}
    return work.session.execute(text(LAY), values)


def test_no_box_is_laid_into_a_sign_in_that_is_no_officers_own(work):
    member, ended, forced, hers = (make_account(work) for _ in range(4))
    make_signed_in(work, [], member.person_id, proofs={Proof.PIN})
    token = make_signed_in(work, [], ended.person_id)
    make_signed_in(work, [Role.PARALEGAL], hers.person_id)
    sign_out(work, token)
    hold = select(SignInSession).where(SignInSession.account_id == hers.id)
    begun = work.session.scalars(hold).one()
    cells = {column.name: getattr(begun, column.name) for column in SignInSession.__table__.columns}
    new = {"token_hash": bytes(32), "ref": "forced000000", "account_id": forced.id, "duress": True}
    work.session.add(SignInSession(**cells | new))
    work.session.flush()
    for whose in (member.person_id, ended.person_id, forced.person_id):
        with held_by(work, "opened_key_lawful"):
            lay(work, whose)
    with held_by(work, "opened_key_lawful"):
        lay(work, hers.person_id, person=forced.person_id)
    for too_long in ("30 minutes 1 second", "-1 second"):
        with held_by(work, "opened_key_lasts_check"):
            lay(work, hers.person_id, lasts=too_long)
    assert lay(work, hers.person_id).rowcount == 1


@pytest.mark.parametrize("change", ["boxed = boxed", "ends_at = ends_at", "person_id = person_id"])
def test_the_application_changes_no_box(work, held, change):
    with pytest.raises(DBAPIError, match="permission denied"), work.session.begin_nested():
        work.session.execute(text(f"UPDATE opened_key SET {change}"))


def test_no_dump_and_no_log_of_the_database_carries_it(committing, fresh_database, cluster):
    with committing.begin(TEST) as work:
        held = Held(work)
        box = work.session.scalars(select(OpenedKey.boxed)).one()
        token_hash = work.vault.fingerprint("token", held.token)
    with psycopg.connect(fresh_database.owner_url) as connection:
        kind = "SELECT relpersistence FROM pg_class WHERE relname LIKE 'opened_key%'"
        assert {row[0] for row in connection.execute(kind)} == {"u"}
    tools = find_tools(fresh_database.owner_url, place_of(cluster.folder))
    dump = b"".join(dumped(tools, fresh_database.superuser_url))
    command = [tools.pg_restore, "--data-only", "--file=-"]
    said = subprocess.run(command, input=dump, capture_output=True, check=True).stdout.decode()
    assert token_hash.hex() in said
    assert box.hex() not in said


def test_a_key_in_hand_says_nothing_of_itself():
    own = OwnKey(7, PrivateKey.generate())
    assert bytes(own.secret).hex() not in repr(own)
    assert "secret" not in repr(own)


def test_two_openings_of_one_sign_in_at_once_are_one(committing):
    with committing.begin(TEST) as work:
        her = make_paralegal(work)
        choose_words(work, her)
        token = make_signed_in(work, [Role.PARALEGAL], her.person_id)

    def opening(_number: int) -> bytes:
        with committing.begin(her) as work:
            return open_for_minutes(work, token, WORDS)

    with ThreadPoolExecutor(6) as crew:
        assert len(set(crew.map(opening, range(12)))) == 12
    with committing.reading(TEST) as work:
        assert len(work.session.scalars(select(OpenedKey)).all()) == 1
