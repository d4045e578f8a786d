"""What the pages of the books share: naming people, choosing places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.policy import may_read_words
from union.web.current import current_actor, kit, reading
from union.web.forms import Choices, named_choices
from union.web.words.ledger import account_words, fund_words

PLACE_MARK = "."


def names_of(person_ids: Collection[int]) -> Mapping[int, str]:
    """Names for those who may read them; for a trustee each person is a number."""
    if not may_read_words(current_actor()):
        return {}
    return kit().name_people(reading(), person_ids)


def person_with(work: Work, card: str) -> int:
    """Whose card this is; NotFoundError."""
    person_id = kit().person_by_card(work, card.strip().upper())
    if person_id is None:
        raise NotFoundError
    return person_id


def account_choices(codes: Collection[str]) -> Choices:
    """Accounts by their words."""
    return named_choices((code, account_words(code)) for code in codes)


def place_choices(places: Iterable[tuple[str, str]]) -> Choices:
    """Fund and account as one choice, the fund said first."""
    return named_choices(
        (f"{fund}{PLACE_MARK}{account}", f"{fund_words(fund)}: {account_words(account)}")
        for fund, account in places
    )


def place_of(choice: str) -> tuple[str, str]:
    """The fund and account behind a choice."""
    fund, _mark, account = choice.partition(PLACE_MARK)
    return fund, account
