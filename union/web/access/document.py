"""The access table as a paper one can read: per role what she opens, per page who opens it.

Made from the table, the routes and the first sentence of each page's own words; it decides
nothing, and a test holds ``docs/access.md`` to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from union.kernel.access import HERSELF, LISTED, Relation
from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access import EVERYONE, OURS, row_of
from union.web.limits import limiter

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule

    from union.web.access import Row

NEVER: dict[Role, str] = {
    Role.MEMBER: "anyone else's record",
    Role.COLLECTOR: "crises, cases, sealed names",
    Role.TREASURER: "crises, cases, health facts",
    Role.SIGNATORY: "crises, cases, health facts",
    Role.TRUSTEE: "names, phones, crises, cases",
    Role.MEMBERSHIP_SECRETARY: "crises, cases",
    Role.WELFARE_COMMITTEE: "ledger detail, crises",
    Role.BRANCH_SECRETARY: "other districts, crises, cases",
    Role.OPERATOR: "ledger, standing, sealed names",
    Role.DUTY_OFFICER: "ledger",
    Role.RESPONDER: "incidents she was not called to",
    Role.TEAM_LEAD: "incidents she was not called to",
    Role.COUNSELLOR: "incidents she was not called to",
    Role.COORDINATOR: "ledger",
    Role.PEER_EDUCATOR: "names, cases",
    Role.PARALEGAL: "ledger; cases not hers",
    Role.LAWYER: "everything that is not shared with her",
    Role.RETURNING_OFFICER: "everything but the roll and the count",
    Role.SAFEGUARDING_OFFICER: "ledger; cases; incidents but for what is kept for her",
    Role.SYSADMIN: "content in any page",
}
"""What each must never see, as ``PRODUCT.md`` says it."""

WHOSE: dict[Relation, str] = {
    Relation.ANY: "any",
    Relation.WHOLE: "any; only with the office for the whole union",
    Relation.OWN: "her own",
    Relation.BRANCH: "of her branch",
    Relation.CALLED: "she was called to",
    Relation.ASSIGNED: "given to her",
    Relation.SHARED: "shared with her, until the share ends",
}

ASKS: dict[Reach, str] = {
    Reach.NOTHING: "to be signed in",
    Reach.DUES: "as for her dues",
    Reach.HERS: "a second secret of hers",
    Reach.OFFICE: "an officer's sign-in",
    Reach.FRESH: "proven again just now",
}

HEAD = """\
# Who opens what

Made from the code by `union access document > docs/access.md`; do not write in it. One function,
`decide` in `union/kernel/access.py`, answers by these lines for every page, file, report, export
and JSON answer alike, before a page's own code runs. A route that does not stand here keeps the
application from starting.

- Who is not signed in is sent to sign in. Who has no role of a line is told that the page is kept
  for somebody else's work; that is said before anything is looked for.
- **Whose** is what must tie her to the object besides. What lies outside is answered to the letter
  as what does not exist. A role *in italics* needs no tie: for her it is any.
- **Asks** is what her sign-in must have proven. *Sealed*: opens with her own secret words only.
  *Logged*: the reading is written down first, where its subject sees it. *Second*: counts only
  from another person than the first half.
- A role that ended, a branch that changed, an account that closed: each holds from the very next
  request on.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its row, where it is, how it is opened, what it says it does."""

    row: Row
    address: str
    methods: tuple[str, ...]
    said: str
    limits: tuple[str, ...]


def pages_of(app: Flask) -> list[Page]:
    """Every page of an application that stands in the table, in the order of its names."""
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))
    grouped = groupby(rules, key=lambda rule: rule.endpoint)
    return [_page(app, name, list(found)) for name, found in grouped if name != "static"]


def write_document(pages: Sequence[Page]) -> str:
    """The whole paper, in Markdown."""
    parts = [HEAD, "## Per role\n", *(_of_role(role, pages) for role in Role), "## Per page\n"]
    by_part = groupby(pages, key=lambda page: _part_of(page.row))
    parts.extend(_of_part(name, found) for name, found in by_part)
    return "\n".join(parts)


def _page(app: Flask, endpoint: str, rules: list[Rule]) -> Page:
    view = app.view_functions[endpoint]
    words = (view.__doc__ or "").strip().partition("\n")[0]
    methods = {name for rule in rules for name in rule.methods or () if name in {"GET", "POST"}}
    limits = limiter.limit_manager.decorated_limits(f"{view.__module__}.{view.__qualname__}")
    return Page(
        row=row_of(endpoint),
        address=rules[0].rule,
        methods=tuple(sorted(methods)),
        said=words,
        limits=tuple(str(one.limit) for one in limits),
    )


def _of_role(role: Role, pages: Sequence[Page]) -> str:
    opened = [page for page in pages if role in page.row.roles and page.row.roles != EVERYONE]
    lines = [f"### {_called(role)}\n", f"Must never see: {NEVER[role]}.\n"]
    by_whose = sorted(opened, key=lambda page: _order(role, page.row))
    for whose, found in groupby(by_whose, key=lambda page: _whose(role, page.row)):
        lines.append(f"- {whose}: {_names([page.row.endpoint for page in found])}")
    if not opened:
        lines.append("- nothing but what is everybody's")
    return "\n".join([*lines, ""])


def _names(endpoints: Sequence[str]) -> str:
    split = (endpoint.partition(".") for endpoint in endpoints)
    grouped = groupby(split, key=lambda name: name[0])
    return "; ".join(
        f"**{part}** {', '.join(name[2] for name in names)}" for part, names in grouped
    )


def _order(role: Role, row: Row) -> tuple[int, str]:
    relation = Relation.ANY if role in row.every else row.relation
    return list(Relation).index(relation), row.endpoint


def _whose(role: Role, row: Row) -> str:
    return WHOSE[Relation.ANY if role in row.every else row.relation]


def _of_part(name: str, pages: Iterable[Page]) -> str:
    head = [
        f"### {name}\n",
        "| page | what it is | who | whose | asks |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(_line(page) for page in pages), ""])


def _line(page: Page) -> str:
    row = page.row
    how = " ".join(page.methods)
    place = f"`{row.endpoint}` {how} `{page.address}`"
    asks = [] if row.public else [ASKS[row.reach]]
    marks = {"sealed": row.sealed, "logged": row.logged, "second": row.second}
    asks += [f"*{mark}*" for mark, holds in marks.items() if holds]
    asks += [f"at most {limit}" for limit in page.limits]
    cells = [place, page.said, _who(row), _object(row), "; ".join(asks)]
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _who(row: Row) -> str:
    if row.public:
        return "anybody"
    named = {frozenset(EVERYONE): "everyone", frozenset(OURS): "everyone of the union"}
    words = named.get(frozenset(row.roles))
    if words is not None:
        return words
    return ", ".join(
        f"*{_called(role)}*" if role in row.every else _called(role)
        for role in Role
        if role in row.roles
    )


def _object(row: Row) -> str:
    if row.public:
        return ""
    named = {HERSELF: "her own", LISTED: "a list, cut to her branch"}
    if row.about in named:
        return named[str(row.about)]
    return WHOSE[row.relation]


def _part_of(row: Row) -> str:
    return row.endpoint.partition(".")[0]


def _called(role: Role) -> str:
    return role.value.replace("_", " ")
