"""Members on any day, their numbers, wishes, branches, cards, and two entries of one woman."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.builders.members import PASSPHRASE, make_branch, make_circles, make_member
from tests.builders.readings import WHY, written_down
from union.infra.keystore import KeyGoneError
from union.infra.sealing import NotEntitledError, PassphraseWrongError
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import NotFoundError
from union.kernel.phone import read_phone
from union.members import services
from union.members.models import ImportUpload, Membership
from union.members.queries import (
    branch_of,
    contact_points,
    fee_on,
    kept_entry,
    languages,
    member_by_card,
    member_views,
    members_active_on,
    persons_with_phone,
    reach,
    same_person_ids,
)
from union.members.rules.errors import CardUnreadableError
from union.members.services import Wish
from union.members.services.changes import (
    AlreadyThereError,
    CardTakenError,
    FieldChange,
    TransferTooEarlyError,
)
from union.members.services.legal_names import open_legal_name
from union.members.services.pairs import (
    BothStandForOthersError,
    DecidedError,
    MergeLoopError,
)
from union.members.services.reach import WishChange
from union.members.services.uploads import (
    CONTENT,
    DROP,
    KEPT_FOR,
    UploadGoneError,
    drop_kept_file,
    drop_upload,
    keep_upload,
    upload_of,
)

PHONE = "5845012345"
TODAY = date(2026, 10, 16)


@pytest.mark.parametrize("written", ["KA/00245", "KA-245", "ka245", "245", "೨೪೫"])
def test_a_card_finds_her_however_it_is_written(work, written):
    her = make_member(work, card_number="KA/00245")
    assert member_by_card(work.session, written) is her
    assert member_by_card(work.session, "KA/00246") is None


def test_what_is_no_card_is_said(work):
    with pytest.raises(CardUnreadableError):
        member_by_card(work.session, "Rani")


def test_who_was_a_member_on_a_day(work):
    bidar, hassan = make_branch(work), make_branch(work, "Hassan", 13.0, 76.1)
    here = make_member(work, bidar, joined_on=date(2020, 1, 1))
    left = make_member(work, bidar, status="left", status_on=date(2023, 12, 31))
    make_member(work, bidar, status="died", status_on=date(2024, 12, 31))
    later = make_member(work, bidar, joined_on=date(2026, 10, 1))
    moved = make_member(work, hassan, joined_on=date(2020, 1, 1))
    services.transfer_member(work, moved.person_id, bidar.id, date(2026, 9, 1))

    def on(day, branch=bidar):
        return {member.person_id for member in members_active_on(work.session, day, branch.id)}

    assert on(date(2023, 6, 1)) >= {here.person_id, left.person_id}
    assert later.person_id not in on(date(2026, 9, 30))
    assert on(date(2026, 10, 1)) == {here.person_id, later.person_id, moved.person_id}
    assert on(date(2026, 8, 31), hassan) == {moved.person_id}
    assert on(date(2026, 9, 1), hassan) == set()


def test_a_branch_on_any_day_and_never_two(work):
    bidar, hassan = make_branch(work), make_branch(work, "Hassan", 13.0, 76.1)
    her = make_member(work, bidar, joined_on=date(2020, 1, 1))
    with pytest.raises(AlreadyThereError):
        services.transfer_member(work, her.person_id, bidar.id, TODAY)
    with pytest.raises(TransferTooEarlyError):
        services.transfer_member(work, her.person_id, hassan.id, date(2020, 1, 1))
    services.transfer_member(work, her.person_id, hassan.id, TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert branch_of(work.session, her.person_id, yesterday) is bidar
    assert branch_of(work.session, her.person_id, TODAY) is hassan
    work.session.add(
        Membership(
            person_id=her.person_id,
            branch_id=bidar.id,
            since_on=date(2021, 1, 1),
            until_on=date(2022, 1, 1),
            made_at=work.clock.now(),
        )
    )
    with pytest.raises(IntegrityError, match="membership_one_branch_excl"):
        work.session.flush()


def test_fees_are_dated(work):
    her = make_member(work, fee_minor=2000, joined_on=date(2020, 1, 1))
    services.agree_fee(work, her.person_id, 1000, date(2026, 10, 1))
    days = (date(2019, 12, 31), date(2026, 9, 30), date(2026, 10, 1))
    assert [fee_on(work.session, her.person_id, day) for day in days] == [None, 2000, 1000]


def test_a_phone_many_share_is_each_ones_and_known_as_shared(work):
    first, second = make_member(work, phone=PHONE), make_member(work, phone="0 58450-12345")
    e164 = read_phone(PHONE).e164
    assert set(persons_with_phone(work, e164)) == {first.person_id, second.person_id}
    (point,) = contact_points(work, first.person_id)
    assert point.shared
    (hers,) = contact_points(work, second.person_id)
    services.end_phone(work, second.person_id, hers.id)
    work.session.expire_all()
    (point,) = contact_points(work, first.person_id)
    assert not point.shared
    with pytest.raises(NotFoundError):
        services.end_phone(work, second.person_id, point.id)


def test_a_new_number_is_first_and_the_same_one_is_not_kept_twice(work):
    her = make_member(work, phone=PHONE)
    services.add_phone(work, her.person_id, read_phone("5845099999"), first=True)
    services.add_phone(work, her.person_id, read_phone(PHONE), first=True)
    numbers = [point.e164 for point in contact_points(work, her.person_id)]
    assert numbers == ["+915845012345", "+915845099999"]


@pytest.mark.parametrize("end", [services.mark_left, services.mark_died])
def test_who_has_left_or_died_can_be_sent_nothing(work, end):
    her = make_member(work, phone=PHONE)
    end(work, her.person_id, TODAY)
    assert contact_points(work, her.person_id) == []
    assert her not in members_active_on(work.session, TODAY)


def test_her_wish_and_languages(work):
    her = make_member(work, languages=("kn", "ur"), wish=Wish(channels=("sms",), ask_for="Akka"))
    assert languages(work.session, her.person_id) == ["kn", "ur"]
    assert (reach(work, her.person_id).channels, reach(work, her.person_id).ask_for) == (
        {"sms"},
        "Akka",
    )
    services.change_wish(work, her.person_id, WishChange(("call",), not_before=time(16)))
    wish = reach(work, her.person_id)
    assert (wish.channels, wish.not_before, wish.ask_for) == ({"call"}, time(16), None)
    assert not reach(work, make_member(work).person_id).asked


def test_two_cards_and_nobody_elses(work):
    her, other = make_member(work, card_number="KA/00001"), make_member(work, card_number="KA/9")
    with pytest.raises(CardTakenError):
        services.give_card(work, her.person_id, "KA/9")
    given = services.give_card(work, her.person_id)
    assert given == her.card_number != "KA/00001"
    assert member_by_card(work.session, "KA/1") is her
    assert other.card_number == "KA/9"


def test_joining_leads_in_one_step_to_the_entry_that_stands(work):
    first, second, third, fourth = (
        make_member(work, card_number=f"KA/0000{number}") for number in range(1, 5)
    )
    services.merge_members(work, second.person_id, first.person_id)
    merge = services.merge_members(work, third.person_id, second.person_id)
    assert (merge.kept_person_id, merge.gone_person_id) == (second.person_id, third.person_id)
    assert services.merge_members(work, first.person_id, fourth.person_id).kept_person_id == (
        second.person_id
    )
    with pytest.raises(MergeLoopError):
        services.merge_members(work, first.person_id, third.person_id)
    assert same_person_ids(work.session, second.person_id) == [
        second.person_id,
        first.person_id,
        third.person_id,
        fourth.person_id,
    ]


def test_two_who_stand_for_others_are_not_joined(work):
    first, second, third, fourth = (
        make_member(work, card_number=f"KA/0000{number}") for number in range(1, 5)
    )
    services.merge_members(work, first.person_id, second.person_id)
    services.merge_members(work, third.person_id, fourth.person_id)
    with pytest.raises(BothStandForOthersError):
        services.merge_members(work, second.person_id, fourth.person_id)


def test_joined_entries_are_one_and_part_whole(work):
    kept = make_member(work, card_number="KA/00001", phone=PHONE)
    gone = make_member(work, card_number="KA/00002", phone="5845099999")
    merge = services.merge_members(work, kept.person_id, gone.person_id)
    assert member_by_card(work.session, "KA/2") is kept
    assert kept_entry(work.session, gone.person_id) is kept
    assert same_person_ids(work.session, kept.person_id) == [kept.person_id, gone.person_id]
    assert len(contact_points(work, kept.person_id)) == 2
    assert gone not in members_active_on(work.session, TODAY)
    with pytest.raises(MergeLoopError):
        services.merge_members(work, gone.person_id, kept.person_id)
    services.undo_merge(work, merge.id)
    services.undo_merge(work, merge.id)
    assert member_by_card(work.session, "KA/2") is gone
    assert len(contact_points(work, kept.person_id)) == 1
    assert gone in members_active_on(work.session, TODAY)


def test_a_pair_is_proposed_once_and_decided_once(work):
    one, other = make_member(work), make_member(work)
    pair = services.propose_pair(work, one.person_id, other.person_id, ["same_name"])
    assert services.propose_pair(work, other.person_id, one.person_id, []) is pair
    services.decide_pair(work, pair.id, same=False)
    with pytest.raises(DecidedError):
        services.decide_pair(work, pair.id, same=True)


def test_a_legal_name_opens_only_for_its_circle_and_is_written_down(work):
    officer = make_circles(work)
    her = make_member(work, legal_name="Lakshmi Devi")
    with pytest.raises(NotEntitledError):
        open_legal_name(work, her.person_id, PASSPHRASE, WHY)
    actor = Actor(officer, 1, frozenset())
    hers = Work(work.session, work.clock, actor, work.vault, work.routes)
    with pytest.raises(PassphraseWrongError):
        open_legal_name(hers, her.person_id, "not mine", WHY)
    assert open_legal_name(hers, her.person_id, PASSPHRASE, WHY) == "Lakshmi Devi"
    seen = written_down(work, subject_person_id=her.person_id)
    assert [one.what for one in seen] == ["legal_name_opened"]


def test_what_a_page_shows_of_her_is_never_her_legal_name(work):
    make_circles(work)
    her = make_member(work, called=None, legal_name="Lakshmi Devi", card_number="KA/00007")
    view = member_views(work, [her.person_id])[her.person_id]
    assert (view.label, view.called) == ("KA/00007", "")


def test_a_field_moved_to_another_member_does_not_open(work):
    one, other = make_member(work, called="Rani"), make_member(work, called="Sona")
    other.called = one.called
    work.session.flush()
    with pytest.raises(InvalidTag):
        member_views(work, [other.person_id])


def test_changing_what_is_encrypted(work):
    her = make_member(work, called="Rani")
    services.change_member(
        work, her.person_id, FieldChange("called", "Sona"), FieldChange("place", None)
    )
    assert member_views(work, [her.person_id])[her.person_id].called == "Sona"
    with pytest.raises(KeyError):
        services.change_member(work, her.person_id, FieldChange("status", "died"))


def test_a_chosen_file_is_kept_for_a_day(work, clock):
    ref = keep_upload(work, b"Sl;Name", "third book")
    assert upload_of(work, ref).content == b"Sl;Name"
    clock.advance(timedelta(days=1))
    with pytest.raises(UploadGoneError):
        upload_of(work, ref)


@pytest.mark.parametrize("let_go", [True, False])
def test_a_chosen_file_goes_with_its_key(work, clock, let_go):
    """Without the key it opens from no backup either."""
    ref = keep_upload(work, b"Sl;Name", "third book")
    row = work.session.scalars(select(ImportUpload)).one()
    key_ref, kept = row.key_ref, row.content
    if let_go:
        drop_upload(work, ref)
        drop_upload(work, ref)
        with pytest.raises(UploadGoneError):
            upload_of(work, ref)
    else:
        clock.advance(KEPT_FOR)
    for timer in work.session.scalars(select(Timer).where(Timer.kind == DROP)).all():
        drop_kept_file(work, timer)
    assert work.session.scalars(select(ImportUpload)).all() == []
    with pytest.raises(KeyGoneError):
        work.vault.decrypt_bytes(key_ref, CONTENT, ref, kept)
