"""Her opening words are changed by herself: the same key, other words, and the old open nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import psycopg
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import make_account, make_signed_in
from tests.builders.ledger import acting_as
from tests.builders.legal import NOTE, WORDS, choose_words, make_case, make_paralegal
from tests.builders.members import make_member
from tests.faults.processes import wait_for
from union.identity.errors import SecretTooPlainError
from union.identity.models import SignInSession
from union.identity.services import sign_out
from union.identity.services.opening import change_opening_words
from union.identity.services.sessions import Ended
from union.infra.audit import AuditEntry
from union.infra.opened_keys import OpenedKey, open_for_minutes
from union.infra.outbox import Outbox
from union.infra.sealing import PassphraseWrongError, PersonalKey, open_own_key
from union.kernel.actor import Actor, Proof, Role
from union.kernel.ids import new_ref
from union.legal.services import read_case
from union.messages.models import Message
from union.messages.services.old_number import tell_of_words

OTHER = "nine kites over the quarry"

REWRAP = """
SELECT personal_key_rewrap(person_id, wrapped_secret, :proof, substring(sha256('salt') FOR 16),
         sha256('1') || sha256('2') || substring(sha256('3') FOR 8), :now)
  FROM personal_key WHERE person_id = :who
"""

WAITING = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
"""


def until_so_many_wait(database, many) -> None:
    """Return when so many connections wait for what others hold."""
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        wait_for(lambda: connection.execute(WAITING).fetchone() == (many,), 60)


@pytest.fixture
def kept(committing):
    """She again, committed: who she is, and the token of her sign-in."""
    with committing.begin(Actor.system("test")) as work:
        paralegal = make_paralegal(work)
        choose_words(work, paralegal)
        return paralegal, make_signed_in(work, [Role.PARALEGAL], paralegal.person_id)


@pytest.fixture
def her(work):
    """A paralegal with opening words, signed in, who can be told by text."""
    paralegal = make_paralegal(work)
    choose_words(work, paralegal)
    make_signed_in(work, [Role.PARALEGAL], paralegal.person_id)
    return paralegal


def change(work, her, before=WORDS, chosen=OTHER):
    with acting_as(work, her):
        change_opening_words(work, before, chosen)


def about(work, her, words) -> dict:
    """Whose, when, and what the key shows that these words open."""
    with acting_as(work, her):
        secret = bytes(open_own_key(work, words).secret)
    proof = sha256(b"personal_key|" + secret).digest()
    return {"who": her.person_id, "now": work.clock.now(), "proof": proof}


def opens(work, her, words) -> bool:
    work.session.expire_all()
    with acting_as(work, her):
        try:
            return open_own_key(work, words).person_id == her.person_id
        except PassphraseWrongError:
            return False


def test_the_same_key_opens_by_the_other_words_and_by_no_others(work, her):
    case = make_case(work, her, make_member(work).person_id)
    public = work.session.get(PersonalKey, her.person_id).public_key
    change(work, her)
    assert (opens(work, her, WORDS), opens(work, her, OTHER)) == (False, True)
    assert work.session.get(PersonalKey, her.person_id).public_key == public
    with acting_as(work, her):
        shown = read_case(work, case.ref, open_own_key(work, OTHER))
    assert NOTE in [one.words for one in shown.events]


def test_no_byte_of_before_stays_in_the_row(work, her):
    ask = select(PersonalKey.salt, PersonalKey.wrapped_secret)
    before = work.session.execute(ask).one()
    change(work, her)
    work.session.expire_all()
    after = work.session.execute(ask).one()
    assert not set(before) & set(after)


def test_what_was_opened_is_shut_on_every_browser_and_other_peoples_is_not(work, her):
    other = make_paralegal(work)
    choose_words(work, other)
    theirs = make_signed_in(work, [Role.PARALEGAL], other.person_id)
    with acting_as(work, other):
        open_for_minutes(work, theirs, WORDS)
    for _ in range(2):
        token = make_signed_in(work, [], her.person_id)
        with acting_as(work, her):
            open_for_minutes(work, token, WORDS)
    change(work, her)
    assert work.session.scalars(select(OpenedKey.person_id)).all() == [other.person_id]
    with acting_as(work, her), pytest.raises(PassphraseWrongError):
        open_for_minutes(work, token, WORDS)


def test_words_that_are_changed_while_they_are_stretched_open_no_window(work, her):
    """Who read her row before the change lays nothing down that outlives it."""
    token = make_signed_in(work, [], her.person_id)
    work.session.execute(text(REWRAP), about(work, her, WORDS))
    with acting_as(work, her), pytest.raises(PassphraseWrongError):
        open_for_minutes(work, token, WORDS)


def test_sent_twice_it_is_done_once_and_told_once(work, her):
    for _ in range(3):
        change(work, her)
    told = select(Outbox.ids).where(Outbox.fact == "opening_words_changed")
    assert work.session.scalars(told).all() == [{"account_id": her.account_id}]
    written = select(AuditEntry.id).where(AuditEntry.action == "opening_words_changed")
    assert len(work.session.scalars(written).all()) == 1
    assert opens(work, her, OTHER)


def test_sent_twice_at_once_both_find_it_done(committing, fresh_database, kept):
    """Both have read her row before one of them changes it."""
    her, _token = kept

    def changed(_number: int) -> bool:
        with committing.begin(her) as work:
            change_opening_words(work, WORDS, OTHER)
        return True

    with ThreadPoolExecutor(2) as crew:
        with committing.begin(her) as work:
            who = {"who": her.person_id}
            work.session.execute(text("SELECT FROM person WHERE id = :who FOR UPDATE"), who)
            both = [crew.submit(changed, number) for number in range(2)]
            until_so_many_wait(fresh_database, 2)
        assert [one.result() for one in both] == [True, True]
    with committing.reading(her) as work:
        written = select(AuditEntry.id).where(AuditEntry.action == "opening_words_changed")
        assert len(work.session.scalars(written).all()) == 1
        assert open_own_key(work, OTHER).person_id == her.person_id


def test_words_changed_while_a_key_is_opened_wait_for_it_and_shut_it(
    committing, fresh_database, kept
):
    """What she had open before is gone already, what she opens now is not laid down yet."""
    (her, token), changing = kept, []
    with committing.begin(her) as work:
        open_for_minutes(work, token, WORDS)

    def changed() -> bool:
        with committing.begin(her) as work:
            change_opening_words(work, WORDS, OTHER)
        return True

    with ThreadPoolExecutor(1) as crew:

        def meanwhile(_connection, _cursor, statement, *_rest) -> None:
            if statement.startswith("DELETE FROM opened_key"):
                changing.append(crew.submit(changed))
                until_so_many_wait(fresh_database, 1)

        with committing.begin(her) as work:
            event.listen(work.session.connection(), "after_cursor_execute", meanwhile)
            open_for_minutes(work, token, WORDS)
        assert [one.result() for one in changing] == [True]
    with committing.reading(her) as work:
        assert work.session.scalars(select(OpenedKey)).all() == []


def test_without_the_words_of_before_nothing_changes(work, her):
    for chosen, error in (("short", SecretTooPlainError), (OTHER, PassphraseWrongError)):
        with pytest.raises(error):
            change(work, her, "never were these mine", chosen)
    assert opens(work, her, WORDS)


def test_she_is_told_by_her_way_and_the_words_say_nothing(work, her):
    reached = make_account(work, make_member(work, phone="58302 00999").person_id)
    for account_id in (her.account_id, reached.id):
        tell_of_words(work, {"account_id": account_id})
    found = work.session.scalars(select(Message).order_by(Message.id)).all()
    assert [(one.state, one.template) for one in found] == [
        ("withheld", "changed_words"),
        ("waiting", "changed_words"),
    ]


def sign_in_as(work, person_id, how) -> None:
    """A sign-in of hers by which her key may not be touched."""
    proofs = {Proof.NUMBER_PIN} if how == "member" else {Proof.PASSWORD_CODE}
    token = make_signed_in(work, [], person_id, proofs=proofs)
    held = work.session.get_one(SignInSession, work.vault.fingerprint("token", token))
    if how == "ended":
        held.ended_at, held.ended_how = work.clock.now(), Ended.SIGNED_OUT
    work.session.flush()
    if how == "forced":
        row = {one.name: getattr(held, one.name) for one in SignInSession.__table__.columns}
        sign_out(work, token)
        row |= {"token_hash": bytes(32), "ref": new_ref(), "duress": True}
        row |= {"ended_at": None, "ended_how": None}
        work.session.add(SignInSession(**row))
        work.session.flush()


@pytest.mark.parametrize("how", ["ended", "forced", "member"])
def test_the_database_asks_for_a_sign_in_of_her_own_office_that_nobody_forced(work, how):
    her = make_paralegal(work)
    choose_words(work, her)
    sign_in_as(work, her.person_id, how)
    with pytest.raises(DBAPIError) as caught, work.session.begin_nested():
        change(work, her)
    assert caught.value.orig.diag.constraint_name == "personal_key_only_rewrapped"


def test_a_wrap_that_does_not_lie_as_it_was_read_is_left(work, her):
    change(work, her)
    ask = text(REWRAP.replace("wrapped_secret,", "decode('00', 'hex'),", 1))
    assert work.session.scalar(ask, about(work, her, OTHER)) is False
    assert opens(work, her, OTHER)


def test_nobody_writes_over_a_key_that_was_not_opened(work, her):
    """Whoever has the application's login lays down a sign-in, and then a wrap of nothing."""
    of_the_key = select(PersonalKey.proof_sha256).where(PersonalKey.person_id == her.person_id)
    asked = about(work, her, WORDS)
    change(work, her)
    for proof in (b"", bytes(32), work.session.scalar(of_the_key), None):
        assert work.session.scalar(text(REWRAP), asked | {"proof": proof}) is False
    assert opens(work, her, OTHER)
    assert work.session.scalar(text(REWRAP), asked)
    assert not opens(work, her, OTHER)


def test_of_a_key_from_before_the_first_proof_counts(work, her):
    row = work.session.get_one(PersonalKey, her.person_id)
    asked = about(work, her, WORDS)
    other = make_paralegal(work)
    old = {name: getattr(row, name) for name in ("public_key", "salt", "wrapped_secret", "made_at")}
    work.session.add(PersonalKey(person_id=other.person_id, **old))
    work.session.flush()
    make_signed_in(work, [Role.PARALEGAL], other.person_id)
    change(work, other)
    asked |= {"who": other.person_id}
    assert work.session.scalar(text(REWRAP), asked | {"proof": bytes(32)}) is False
    assert opens(work, other, OTHER)
    assert work.session.scalar(text(REWRAP), asked)
