"""Words of the bank: what its lines say, what two people say of them, where money is sent."""

from __future__ import annotations

from sqlalchemy import select

from tests.builders.bank import line_saying, make_csv
from tests.canary.scenes.stage import Stage
from union.bank.models import BankStatement, BankWord
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import (
    NewPayee,
    confirm_word,
    end_word,
    keep_upload,
    say_line,
    set_payee,
    take_statement,
)
from union.bank.services.payees import refuse_payee
from union.kernel.actor import Role
from union.ledger.services import open_books

LARGE_MINOR = 4_000_000
"""More than one person alone may call a charge."""


def a_statement(stage: Stage) -> None:
    """Two lines: of one two people say the same, of the other the second says no."""
    word = stage.word
    agreed, refused = word(), word()
    with stage.as_somebody(Role.TREASURER) as work:
        open_books(work)
        before = work.session.scalars(
            select(BankStatement.closing_minor).order_by(BankStatement.period_to.desc())
        ).first()
        day = f"{work.clock.today():%d/%m/%Y}"
        lines = [(day, f"LOCKER {one}", -LARGE_MINOR) for one in (agreed, refused)]
        take_statement(work, make_csv(*lines, opening_minor=before or 10 * LARGE_MINOR))
        keep_upload(work, make_csv((day, f"RENT {word()}", -100)))
        said = [
            say_line(work, line_saying(work, one).line.ref, Choice(Kind.CHARGE, note=word()))
            for one in (agreed, refused)
        ]
    assert all(isinstance(one, BankWord) for one in said), "one person alone could say it"
    with stage.as_somebody(Role.SIGNATORY) as work:
        confirm_word(work, said[0].ref)
        end_word(work, said[1].ref, word())


def where_money_goes(stage: Stage) -> None:
    """Where her money would be sent, and why somebody else said no."""
    word = stage.word
    with stage.as_somebody(Role.TREASURER) as work:
        her = stage.member(work, called=word())
        new = NewPayee(her, name=word(), number="501000070000001", ifsc="HDFC0000412")
        written = set_payee(work, new)
    with stage.as_somebody(Role.SIGNATORY) as work:
        refuse_payee(work, written.ref, word())
