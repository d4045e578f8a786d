"""Taking a statement in. Invariant: a line comes in once, with a file that is whole and adds up.

What is certain is booked at once, money nobody can place waits in an account that must clear.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select

from union.bank.errors import (
    OtherAccountError,
    StatementAheadError,
    StatementDoublesError,
    StatementEmptyError,
    StatementHasProblemsError,
)
from union.bank.models import BankAccount, BankLine, BankStatement, BankStatementLine
from union.bank.queries.balances import bank_balance
from union.bank.queries.knowledge import gather
from union.bank.queries.lines import WORDS, LineWords, close_words
from union.bank.queries.tables import bank_account
from union.bank.rules.known import Judgement, LineFacts
from union.bank.rules.marks import MarkedLine, mark_lines
from union.bank.rules.matching import judge, no_ones
from union.bank.rules.tokens import read_tokens
from union.bank.services.certain import book_certain
from union.gateways.bank_files import PlainLine, PlainStatement, read_statement
from union.infra import audit
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.services import open_books

ACCOUNT_LOCK = 7001
MARK, PAYER, NUMBER = "bank_line", "bank_payer", "bank_account"
_TAIL = 4


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A new line and what would become of it; ``cards`` are numbers in it that nobody has."""

    line: PlainLine
    judgement: Judgement
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a file in would do. ``jump_minor`` is what lies between our last and its first.

    ``before`` is how many of its lines are known from other files, ``repeated`` how many stand
    in it twice.
    """

    statement: PlainStatement
    fresh: Sequence[PreviewLine]
    before: int
    repeated: int
    jump_minor: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What taking a file in did; ``statement_ref`` is None if it held nothing new."""

    statement_ref: str | None
    lines: int
    fresh: int
    before: int
    repeated: int
    booked: int
    proposed: int
    unmatched: int


@dataclass(frozen=True, slots=True)
class _Read:
    account: BankAccount
    statement: PlainStatement
    fresh: tuple[tuple[MarkedLine, bytes], ...]
    known: frozenset[int]
    repeated: int
    file_hash: bytes

    @property
    def before(self) -> int:
        """How many of its lines came with a file before."""
        return len(self.known)


def preview_statement(
    work: Work, content: bytes, columns: Mapping[str, str] | None = None
) -> Preview:
    """What taking a file in would do; nothing is written. Errors as ``take_statement``."""
    read = _read(work, content, columns)
    facts = [_facts(work, marked.line) for marked, _ in read.fresh]
    known = gather(work, read.account, facts)
    lines = [
        PreviewLine(marked.line, judge(one, known), no_ones(one, known))
        for (marked, _), one in zip(read.fresh, facts, strict=True)
    ]
    return Preview(read.statement, lines, read.before, read.repeated, _jump(work, read))


def take_statement(work: Work, content: bytes, columns: Mapping[str, str] | None = None) -> Outcome:
    """Take a file in, all of it or nothing; a second time changes nothing.

    What ``gateways.bank_files`` refuses, StatementHasProblemsError, StatementEmptyError,
    StatementAheadError, OtherAccountError, StatementDoesNotAddUpError, StatementDoublesError.
    """
    open_books(work)
    account = bank_account(work.session)
    work.session.execute(select(func.pg_advisory_xact_lock(ACCOUNT_LOCK, account.id)))
    read = _read(work, content, columns)
    if not read.fresh:
        return Outcome(None, read.before, 0, read.before, read.repeated, 0, 0, 0)
    _know_account(work, read)
    statement = _write_statement(work, read)
    lines = _write_lines(work, read, statement)
    booked, proposed = book_certain(work, account, lines)
    audit.log(work, "bank_statement_taken", object_type="bank_statement", object_id=statement.id)
    return Outcome(
        statement_ref=statement.ref,
        lines=len(read.fresh) + read.before,
        fresh=len(lines),
        before=read.before,
        repeated=read.repeated,
        booked=booked,
        proposed=proposed,
        unmatched=len(lines) - booked - proposed,
    )


def _read(work: Work, content: bytes, columns: Mapping[str, str] | None) -> _Read:
    statement, account = read_statement(content, columns), bank_account(work.session)
    if statement.problems:
        raise StatementHasProblemsError(
            rows=", ".join(str(one.row_no) for one in statement.problems[:10])
        )
    if not statement.lines:
        raise StatementEmptyError
    if max(line.booked_on for line in statement.lines) > work.clock.today():
        raise StatementAheadError
    number = _number_index(work, statement)
    if number and account.number_index and number != account.number_index:
        raise OtherAccountError
    marked = mark_lines(statement)
    by_mark = {
        work.vault.fingerprint(MARK, f"{account.id}|{one.mark}"): one for one in marked.lines
    }
    known = _known_marks(work, account, by_mark)
    fresh = tuple((one, mark) for mark, one in by_mark.items() if mark not in known)
    hashed = sha256(content).digest()
    read = _Read(account, statement, fresh, frozenset(known.values()), marked.repeated, hashed)
    _refuse_doubles(work, read)
    return read


def _refuse_doubles(work: Work, read: _Read) -> None:
    """Lines that came before under other references: the balances tell, if they begin alike."""
    last, closing = read.statement.lines[-1].booked_on, read.statement.closing_minor
    ours = bank_balance(work.session, read.account, last)
    if not read.fresh or ours is None or closing is None or _jump(work, read):
        return
    led_to = ours + sum(one.line.amount_minor for one, _ in read.fresh)
    if led_to != closing:
        raise StatementDoublesError(gap_minor=led_to - closing)


def _known_marks(work: Work, account: BankAccount, marks: Collection[bytes]) -> dict[bytes, int]:
    rows = work.session.execute(
        select(BankLine.mark, BankLine.id).where(
            BankLine.account_id == account.id, BankLine.mark.in_(marks)
        )
    )
    return {row.mark: row.id for row in rows}


def _number_index(work: Work, statement: PlainStatement) -> bytes | None:
    number = (statement.account_number or "").lstrip("0")
    return work.vault.blind_index(NUMBER, number) if number else None


def _know_account(work: Work, read: _Read) -> None:
    """The first file that says its account's number says which files are ours."""
    if read.account.number_index is None and read.statement.account_number:
        read.account.number_index = _number_index(work, read.statement)
        read.account.number_tail = read.statement.account_number[-_TAIL:]
        work.session.flush()


def _jump(work: Work, read: _Read) -> int:
    first = read.statement.lines[0].booked_on
    ours = bank_balance(work.session, read.account, first, before=True)
    if ours is None or read.statement.opening_minor is None:
        return 0
    return read.statement.opening_minor - ours


def _write_statement(work: Work, read: _Read) -> BankStatement:
    days = [line.booked_on for line in read.statement.lines]
    statement = BankStatement(
        ref=new_ref(),
        account_id=read.account.id,
        key_ref=work.vault.new_key(),
        file_kind=read.statement.kind,
        period_from=min([read.statement.period_from or days[0], *days]),
        period_to=max([read.statement.period_to or days[-1], *days]),
        opening_minor=read.statement.opening_minor,
        closing_minor=read.statement.closing_minor,
        lines=len(read.fresh) + read.before,
        fresh=len(read.fresh),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
        file_hash=read.file_hash,
    )
    work.session.add(statement)
    work.session.flush()
    return statement


def _write_lines(
    work: Work, read: _Read, statement: BankStatement
) -> list[tuple[BankLine, LineFacts]]:
    written = []
    for marked, mark in read.fresh:
        plain, facts = marked.line, _facts(work, marked.line)
        ref = new_ref()
        words = LineWords(plain.narration, plain.counterparty, plain.reference)
        line = BankLine(
            ref=ref,
            statement_id=statement.id,
            account_id=read.account.id,
            row_no=plain.row_no,
            booked_on=plain.booked_on,
            value_on=plain.value_on,
            amount_minor=plain.amount_minor,
            balance_minor=plain.balance_minor,
            mark=mark,
            payer_index=facts.payer_index,
            key_ref=statement.key_ref,
            words=work.vault.encrypt(statement.key_ref, WORDS, ref, close_words(words)),
        )
        written.append((line, facts))
    work.session.add_all([line for line, _ in written])
    work.session.flush()
    work.session.add_all(
        BankStatementLine(statement_id=statement.id, line_id=line_id)
        for line_id in sorted({*read.known, *(line.id for line, _ in written)})
    )
    work.session.flush()
    return written


def _facts(work: Work, line: PlainLine) -> LineFacts:
    tokens = read_tokens(line.narration, line.counterparty)
    payer = tokens.payer
    return LineFacts(
        amount_minor=line.amount_minor,
        booked_on=line.booked_on,
        text=f"{line.narration} {line.counterparty or ''}".strip(),
        cards=tokens.cards,
        phones=tokens.phones,
        codes=tokens.codes,
        payer_index=None if payer is None else work.vault.blind_index(PAYER, payer),
    )
