"""The demonstration's collectors: October is looked over but for what is left, a round begins."""

from __future__ import annotations

from tests.builders.dues import make_payer
from tests.builders.identity import make_account
from tests.builders.ledger import make_books
from union.demo.rounds import COLLECTOR, begin_rounds, look_over_october
from union.dues.invariants import INVARIANTS
from union.dues.queries.books import next_receipt
from union.dues.queries.rounds import cash_in_hand, collector_rounds, waiting_lines
from union.dues.services import collector_for_person, import_collections, import_handovers

SHEET = """collector,receipt,date,member,amount,note
KA/00718,2001,01-10-2026,KA/08601,20,
KA/00718,2002,01-10-2026,KA/08602,2O,
KA/00718,2003,02-10-2026,KA/08603,20,
KA/00718,2003,02-10-2026,KA/08603,20,
KA/00718,2004,02-10-2026,KA/99999,20,
KA/00939,4001,02-10-2026,KA/08604,20,
"""
HANDED_IN = "collector,date,counted,received_by\nKA/00718,2026-10-16,80,treasurer\n"


def _named(work, name, person_id=None):
    make_account(work, person_id).sign_in_name = name
    work.session.flush()


def test_what_was_handed_in_is_booked_and_a_round_of_today_begins_once(work):
    walker = make_payer(work, card_number=COLLECTOR)
    for number in (8601, 8602, 8603, 8604):
        make_payer(work, card_number=f"KA/0{number}")
    make_books(work)
    import_collections(work, SHEET.encode())
    import_handovers(work, HANDED_IN.encode())
    _named(work, "treasurer")
    _named(work, "collector", walker.person_id)
    hers = collector_for_person(work, walker.person_id).id
    assert cash_in_hand(work.session, hers) == -4000

    for _twice in range(2):
        look_over_october(work)
        begin_rounds(work)

    assert [one.line.reason for one in waiting_lines(work)] == ["card_unknown"]
    (mine,) = collector_rounds(work, [hers])
    assert (mine.count.booked_minor, mine.count.handed_minor) == (12000, 8000)
    assert next_receipt(work.session, hers) == 2104
    (stranger,) = [one for one in collector_rounds(work) if not one.in_register]
    assert (stranger.card, stranger.count.in_hand_minor) == ("KA/00939", 4000)
    connection, plain = work.session.connection(), {"no_parameters": True}
    for query in INVARIANTS.values():
        assert connection.exec_driver_sql(query, execution_options=plain).all() == []
