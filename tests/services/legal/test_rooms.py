"""A case's words are sealed to whoever may read them: written without a secret, read with one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import (
    NOTE,
    WORDS,
    choose_words,
    make_case,
    make_keeper,
    make_paralegal,
    own_key_of,
)
from tests.builders.members import make_member
from union.identity.models import RoleGrant
from union.infra.rooms import CaseRoom, CaseRoomKey
from union.infra.sealing import NotEntitledError, OwnKeyMissingError, open_own_key
from union.kernel.actor import Actor, Grant, Role
from union.legal.errors import KeeperUnknownError, NobodyReadsError
from union.legal.models import CaseEvent, CaseParty
from union.legal.queries import cases_to_let_into, lawyers
from union.legal.rules import Part, PartyRole, Purpose, Said
from union.legal.services import (
    NewComplaint,
    NewShare,
    add_keeper,
    add_note,
    add_party,
    end_share,
    give_consent,
    hand_back_case,
    leave_cases,
    let_others_in,
    open_complaint,
    read_case,
    read_share,
    seal_cases,
    share_case,
    take_case,
    withdraw_consent,
)


def words_in(content) -> list[str]:
    return [one.words for one in content.events if one.words]


def read(work, person, ref, own=None):
    with acting_as(work, person):
        return read_case(work, ref, own)


def epochs(work, case) -> int:
    return len(work.session.scalars(select(CaseRoom).where(CaseRoom.case_id == case.id)).all())


def holders(work, case, epoch) -> set[int | str]:
    found = work.session.execute(
        select(CaseRoomKey.person_id, CaseRoomKey.circle)
        .join(CaseRoom, CaseRoom.id == CaseRoomKey.room_id)
        .where(CaseRoom.case_id == case.id, CaseRoom.epoch == epoch, CaseRoomKey.ended_at.is_(None))
    )
    return {row.person_id or row.circle for row in found}


@pytest.fixture
def paralegal(work) -> Actor:
    her = make_paralegal(work)
    choose_words(work, her)
    return her


@pytest.fixture
def case(work, paralegal):
    return make_case(work, paralegal, make_member(work).person_id)


def make_lawyer(work) -> Actor:
    account = make_account(work)
    give_role(work, account.id, Grant(Role.LAWYER))
    her = Actor(account.person_id, account.id, frozenset({Grant(Role.LAWYER)}))
    choose_words(work, her)
    return her


def shared_with(work, paralegal, case, lawyer, parts, own=None):
    with acting_as(work, paralegal):
        consent = give_consent(work, case.ref, Purpose.SHARE_LAWYER, work.clock.today())
        office = next(x.office for x in lawyers(work, case) if x.person_id == lawyer.person_id)
        until = work.clock.today() + timedelta(days=9)
        return consent, share_case(work, case.ref, NewShare(office, frozenset(parts), until), own)


def test_without_her_words_she_sees_what_is_operational_and_no_word_of_it(work, case, paralegal):
    with acting_as(work, paralegal):
        add_party(work, case.ref, PartyRole.POLICE, "the inspector of the night")
    shut = read(work, paralegal, case.ref)
    assert shut.said is Said.SHUT
    assert shut.step is not None
    assert shut.caller.who
    assert words_in(shut) == []
    assert [one.closed for one in shut.events if one.code == "note"] == [True]
    assert [one.who for one in shut.parties] == [None]
    opened = read(work, paralegal, case.ref, own_key_of(work, paralegal))
    assert opened.said is Said.OPEN
    assert words_in(opened) == [NOTE]
    assert [one.who for one in opened.parties] == ["the inspector of the night"]


def test_the_machine_reads_no_word_though_it_wrote_them_in(work, case):
    for line in work.session.scalars(select(CaseEvent).where(CaseEvent.words.is_not(None))):
        box = work.vault.decrypt_bytes(case.key_ref, "case_event.words", line.ref, line.words)
        assert NOTE.encode() not in box
        assert line.room_id is not None


def test_nobody_elses_key_opens_it_also_where_she_may_read_it(work, case, paralegal):
    other = make_paralegal(work)
    choose_words(work, other)
    shown = read(work, paralegal, case.ref, own_key_of(work, other))
    assert (shown.said, words_in(shown)) == (Said.SHUT, [])


def test_a_case_is_written_as_before_while_nobody_has_opening_words_and_sealed_then(work, unit):
    first = make_paralegal(work)
    case = make_case(work, first)
    with acting_as(work, first):
        add_party(work, case.ref, PartyRole.WITNESS, "the woman of the tea stall")
    shown = read(work, first, case.ref)
    assert (shown.said, words_in(shown), epochs(work, case)) == (Said.OPEN, [NOTE], 0)
    work.session.commit()
    assert seal_cases(unit) == 0
    choose_words(work, first)
    work.session.commit()
    assert seal_cases(unit) == 1
    assert seal_cases(unit) == 0
    work.session.expire_all()
    assert work.session.scalars(select(CaseParty.room_id)).one() is not None
    assert read(work, first, case.ref).said is Said.SHUT
    opened = read(work, first, case.ref, own_key_of(work, first))
    assert words_in(opened) == [NOTE]
    assert [one.who for one in opened.parties] == ["the woman of the tea stall"]


def test_who_hands_it_back_with_her_words_lets_the_next_in(work, case, paralegal):
    other = make_paralegal(work)
    choose_words(work, other)
    with acting_as(work, paralegal):
        hand_back_case(work, case.ref, own_key_of(work, paralegal))
    assert case.assignee_person_id == other.person_id
    assert words_in(read(work, other, case.ref, own_key_of(work, other))) == [NOTE]
    assert holders(work, case, 1) == {other.person_id}
    with acting_as(work, other):
        add_note(work, case.ref, "the second paralegal's")
    assert holders(work, case, 2) == {other.person_id}


def test_from_the_queue_the_words_wait_for_a_keeper(work):
    keeper, first = make_keeper(work), make_paralegal(work)
    choose_words(work, first)
    case = make_case(work, first)
    with acting_as(work, first):
        hand_back_case(work, case.ref)
    other = make_paralegal(work)
    choose_words(work, other)
    with acting_as(work, other):
        take_case(work, case.ref)
        assert cases_to_let_into(work) == []
    own = own_key_of(work, other)
    shown = read(work, other, case.ref, own)
    assert (shown.said, words_in(shown), shown.step is not None) == (Said.WAITS, [], True)
    with acting_as(work, other):
        add_note(work, case.ref, "mine, before I was let in")
    assert words_in(read(work, other, case.ref, own)) == ["mine, before I was let in"]
    with acting_as(work, keeper):
        assert cases_to_let_into(work) == [case]
        assert let_others_in(work, own_key_of(work, keeper)) == 1
        assert cases_to_let_into(work) == []
    whole = read(work, other, case.ref, own)
    assert whole.said is Said.OPEN
    assert words_in(whole) == [NOTE, "mine, before I was let in"]
    assert holders(work, case, 1) == {other.person_id, "case_keepers"}


def test_without_a_keeper_the_last_key_stays_until_another_is_let_in(work, case, paralegal):
    with acting_as(work, paralegal):
        hand_back_case(work, case.ref)
    assert holders(work, case, 1) == {paralegal.person_id}
    other = make_paralegal(work)
    with acting_as(work, other):
        take_case(work, case.ref)
        assert read_case(work, case.ref).said is Said.NONE
        with pytest.raises(NobodyReadsError):
            add_note(work, case.ref, "nobody could read this")
        with pytest.raises(OwnKeyMissingError):
            open_own_key(work, WORDS)
    choose_words(work, other)
    with acting_as(work, paralegal):
        assert let_others_in(work, own_key_of(work, paralegal)) == 1
    assert holders(work, case, 1) == {other.person_id}
    assert words_in(read(work, other, case.ref, own_key_of(work, other))) == [NOTE]


def test_who_lost_her_office_holds_nothing_of_what_is_written_from_then_on(work, case, paralegal):
    make_keeper(work)
    other = make_paralegal(work)
    choose_words(work, other)
    with acting_as(work, paralegal):
        add_note(work, case.ref, "now the keepers hold it too")
        read_case(work, case.ref, own_key_of(work, paralegal))
    ends = update(RoleGrant).where(RoleGrant.account_id == paralegal.account_id)
    work.session.execute(ends.values(ended_at=work.clock.now()))
    leave_cases(work, paralegal.person_id)
    assert case.assignee_person_id == other.person_id
    with acting_as(work, other):
        add_note(work, case.ref, "after she left")
    assert holders(work, case, epochs(work, case)) == {other.person_id, "case_keepers"}
    assert paralegal.person_id not in holders(work, case, 1) | holders(work, case, 2)


@pytest.mark.parametrize("opened", [True, False])
def test_a_lawyer_reads_with_her_own_words_while_the_share_stands(work, case, paralegal, opened):
    lawyer = make_lawyer(work)
    own = own_key_of(work, paralegal) if opened else None
    _, share = shared_with(work, paralegal, case, lawyer, {Part.STORY}, own)
    hers = own_key_of(work, lawyer)
    with acting_as(work, lawyer):
        shown = read_share(work, share.ref, hers)
        assert (shown.said is Said.OPEN, NOTE in words_in(shown)) == (opened, opened)
    read(work, paralegal, case.ref, own_key_of(work, paralegal))
    with acting_as(work, lawyer):
        assert read_share(work, share.ref).said is Said.SHUT
        assert NOTE in words_in(read_share(work, share.ref, hers))


@pytest.mark.parametrize("how", ["ended", "withdrawn"])
def test_her_key_ends_with_the_share_and_the_next_words_are_in_another_room(
    work, case, paralegal, how
):
    lawyer, own = make_lawyer(work), own_key_of(work, paralegal)
    consent, share = shared_with(work, paralegal, case, lawyer, {Part.STORY}, own)
    assert lawyer.person_id in holders(work, case, 1)
    with acting_as(work, paralegal):
        if how == "ended":
            end_share(work, case.ref, share.ref)
        else:
            withdraw_consent(work, case.ref, consent.ref)
    assert holders(work, case, 1) == {paralegal.person_id}
    before = epochs(work, case)
    with acting_as(work, paralegal):
        add_note(work, case.ref, "not for her")
    assert epochs(work, case) == before + 1
    assert holders(work, case, before + 1) == {paralegal.person_id}


def test_a_lawyer_shown_no_words_holds_no_key(work, case, paralegal):
    lawyer = make_lawyer(work)
    own = own_key_of(work, paralegal)
    _, share = shared_with(work, paralegal, case, lawyer, {Part.HER}, own)
    assert holders(work, case, 1) == {paralegal.person_id}
    with acting_as(work, lawyer):
        assert read_share(work, share.ref).said is Said.OPEN


def make_receiver(work, role) -> Actor:
    account = make_account(work)
    give_role(work, account.id, Grant(role))
    her = Actor(account.person_id, account.id, frozenset({Grant(role)}))
    choose_words(work, her)
    return her


def test_two_receive_a_complaint_and_a_keeper_whom_it_names_holds_nothing(work):
    keeper = make_keeper(work)
    hers, one, two = make_member(work), *(make_receiver(work, Role.COUNSELLOR) for _ in range(2))
    complained = NewComplaint(
        hers.person_id, "she asked me for money", frozenset({keeper.person_id})
    )
    with acting_as(work, Actor(hers.person_id, None, frozenset({Grant(Role.MEMBER)}))):
        case = open_complaint(work, complained)
    assert holders(work, case, 1) == {one.person_id, two.person_id}
    for reader in (one, two):
        said = words_in(read(work, reader, case.ref, own_key_of(work, reader)))
        assert said == ["she asked me for money"]
    with acting_as(work, keeper):
        assert cases_to_let_into(work) == []
        assert let_others_in(work, own_key_of(work, keeper)) == 0


def test_a_keeper_lets_another_keep_and_nobody_else_can(work, case, paralegal):
    keeper, second = make_keeper(work), make_paralegal(work)
    name = make_account(work, second.person_id).sign_in_name
    with acting_as(work, keeper), pytest.raises(KeeperUnknownError):
        add_keeper(work, name, own_key_of(work, keeper))
    choose_words(work, second)
    with acting_as(work, paralegal), pytest.raises(NotEntitledError):
        add_keeper(work, name, own_key_of(work, paralegal))
    with acting_as(work, keeper):
        for wrong in ("nobody", make_account(work).sign_in_name):
            with pytest.raises(KeeperUnknownError):
                add_keeper(work, wrong, own_key_of(work, keeper))
        assert add_keeper(work, name, own_key_of(work, keeper)) == second.person_id
        assert add_keeper(work, name, own_key_of(work, keeper)) == second.person_id
