"""What a member or an officer began about herself, a claim, or a case: hers and another's hand."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.awaited.scene import Page, Room, Scene
from tests.builders.identity import make_signed_in
from tests.builders.ledger import acting_as
from tests.builders.legal import choose_words, make_case, make_paralegal
from tests.builders.locking import make_keeper
from tests.builders.members import PASSPHRASE, make_circles, make_member
from tests.builders.messages import FakeProvider, gateways
from tests.builders.welfare import (
    make_claim,
    make_committee,
    make_granted_claim,
    make_scheme,
    make_sick_member,
)
from union.identity.services import create_account
from union.kernel.actor import Role
from union.ledger.models import Voucher
from union.ledger.services import withdraw_voucher
from union.legal.services import hand_back_case
from union.messages.services import add_mailbox, ring_me, send_due
from union.office.locking.recovering import (
    make_set_of_papers,
    print_recovery_paper,
    recovery,
)
from union.welfare.rules import Departure, Outcome
from union.welfare.services import Ruling, decide_claim, hear_claimant


def claims(scene: Scene) -> Iterator[Page]:
    """A claim refused that she may ask about once more, and one whose voucher was withdrawn."""
    with scene.work() as work:
        make_scheme(work)
        judge = make_committee(work)
        member = make_sick_member(work)
        refused = make_claim(work, member).ref
        with acting_as(work, judge):
            hear_claimant(work, refused, "the paper is from another month")
            no = Ruling(Outcome.REFUSE, departure=Departure.EVIDENCE_DOUBTED)
            decide_claim(work, refused, no)
        claim = make_granted_claim(work, judge)
        withdraw_voucher(work, work.session.get_one(Voucher, claim.voucher_id).ref)
    her = scene.somebody(Role.MEMBER, person_id=member.person_id)
    committee = scene.somebody(Role.WELFARE_COMMITTEE, person_id=judge.person_id)
    yield Page(her, f"/claims/mine/{refused}")
    yield Page(committee, f"/claims/{claim.ref}")


def cases(scene: Scene) -> Iterator[Page]:
    """A case handed back to the queue."""
    with scene.work() as work:
        first = make_paralegal(work)
        choose_words(work, first)
        ref = make_case(work, first).ref
        with acting_as(work, first):
            hand_back_case(work, ref)
        other = make_paralegal(work)
    her = scene.somebody(Role.PARALEGAL, person_id=other.person_id)
    yield Page(her, "/papers/")


def keys(scene: Scene) -> Iterator[Page]:
    """Opening words that are changed, and the papers and the set that open all anew."""
    with scene.work() as work:
        officer = make_circles(work)
        people = [make_keeper(work, Role.TRUSTEE) for _ in range(2)]
    trustees = [scene.somebody(Role.TRUSTEE, person_id=one) for one in people]
    for one in trustees:
        with scene.work(one) as work:
            print_recovery_paper(work)
    yield Page(trustees[0], "/office/recovery")
    with scene.work(trustees[0]) as work:
        make_set_of_papers(work)
        figures = recovery(work).figures
        make_signed_in(work, (Role.SAFEGUARDING_OFFICER,), officer)
    holder = scene.somebody(Role.SAFEGUARDING_OFFICER, person_id=officer)
    yield Page(holder, "/office/recovery", {"passphrase": PASSPHRASE, "figures": figures})
    other = {"passphrase": "nine herons on the tank", "passphrase_again": "nine herons on the tank"}
    yield Page(holder, "/me/opening-words", {"passphrase_before": PASSPHRASE, **other})


def ways(scene: Scene) -> Iterator[Page]:
    """A mailbox of hers, and a trial of the way to it."""
    with scene.work() as work:
        member = make_member(work, phone="5845000001")
        create_account(work, member.person_id, "rani", PASSPHRASE)
    her = scene.somebody(Role.MEMBER, person_id=member.person_id)
    with scene.work(her) as work:
        add_mailbox(work, "rani@example.test")
        ring_me(work, ["sms"])
    assert send_due(scene.pages, gateways(FakeProvider()), "sms") == 1
    yield Page(her, "/ways/", {"passphrase": PASSPHRASE})


def sessions(scene: Scene) -> Iterator[Page]:
    """Her notebook is open elsewhere too."""
    her = scene.somebody(Role.TREASURER)
    with scene.work() as work:
        tokens = [make_signed_in(work, (Role.TREASURER,), her.person_id) for _ in range(2)]
    scene.stage.carry(tokens[0])
    yield Page(her, "/me/sessions")


ROOMS = (
    Room("claims once more", frozenset({"welfare.appeal", "welfare.pay_again"}), claims),
    Room("a case to take", frozenset({"legal.take"}), cases),
    Room(
        "keys and words",
        frozenset({"locking.recovery_set", "locking.put_in", "identity.other_opening_words"}),
        keys,
        suite=True,
    ),
    Room("ways to her", frozenset({"ways.end", "ways.heard", "ways.ring"}), ways),
    Room("open elsewhere", frozenset({"identity.end_session"}), sessions),
)
