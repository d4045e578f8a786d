"""``docs/retention.md``: the rules as a paper, made from the same values that the daily run keeps.

Owns the paper's words; never a rule. It is in English and says sources, which the page leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator

from union.kernel.keeping import How, Rule
from union.office.retention.collected import KEPT
from union.web.words.retention import KINDS, SINCE

TITLE = """# What we keep, and for how long

Made by `union retention document` from the rules in the code; a test holds both together. Members
read the same at `/kept`. Days may be changed by two people between the least and the most; the
database knows these bounds too and lets nothing go sooner, whatever days it is told.

| what | days | least | most | from | what then happens | source |
| --- | ---: | ---: | ---: | --- | --- | --- |
"""

THEN = {
    How.DELETE: "the row goes",
    How.FORGET: "the words go, the row stays",
    How.DESTROY_KEY: "the key is destroyed, in backups too once those are gone",
    How.AGE_OUT: "the row goes, by a function of the database that knows the least age",
    How.BY_ITSELF: "goes by a clock or a bound of its own",
    How.KEPT: "stays",
}

REST = """
## How it goes

Every night at twenty to four the ticker's timer `age_records` writes the day down and begins one
run of each kind (`retention_run`, one for a kind and a day). A hand takes at most 1,000 rows a unit
of work and is called again while it finds so many; killed anywhere it goes on. Rows that only ever
grow (`audit_entry`, `reading`, `delivery_receipt`, `claim_hearing`) leave, or lose their words,
only through one function for each table; the application has no DELETE there. Keys are first
ordered to be destroyed, by a row that is committed, and only then destroyed: the key store is
another database.

**A wrong clock.** No function asks the time: it is handed in, and believed only as far as the
union's own days bear it out: the earliest of the last seven days on which the run began
(`union_lived_until`). A clock that leaps a hundred years ahead empties nothing on its first six
nights. A new union lets nothing go in its first week. A reading goes only when it is five years
older than the newest seal; the verifier then counts it as aged out.

**Legal hold.** All that is kept of a person, of an incident with what joined it, or of a case, for
a year at most unless somebody renews it; two people lift it. While it stands the functions pass its
records over and `is_held_key` keeps their keys from being destroyed. What is held is seen by who
answers for such records, and by nobody else.

**Never aged**: what belongs to an open incident, claim, case, lesson or timer, somebody of whom a
payment waits to be settled, and words of money of a day on which no trustee has reported.

`union check` names what a night did not come through; `union retention state` says it in words.

Where words are gone the page says since when, and stands otherwise
(`tests/laws/test_p_aged_pages.py`). A book of which the earlier file is gone is read as the first.

## What it does not do

- Whoever writes to the database as the application can write seven days that never were, and may
  empty, by UPDATE, the columns the application itself changes; what only ever grows is bound to the
  rows' own days besides.
- Aged rows are gone from backups when those are: after 35 days, keys after 14.
- The age of a row kept apart is not known to the machine: its days count from when an officer dealt
  with it, not from an eighteenth birthday. A case counts from its closing, not from a limitation.
- Accounts, passkeys and cards of somebody who left stay as codes until she is erased.
- A reading that somebody asked the trustees about stays, with the question and the answer.
- No lawyer has looked over the days that say "the union's own choice".
"""


def write_document() -> str:
    """The paper."""
    return TITLE + "".join(_lines()) + REST


def _lines() -> Iterator[str]:
    for one in KEPT:
        rule = one.rule
        days = _days(rule)
        bounds = f"{rule.least} | {rule.most}" if rule.has_hand else "- | -"
        said = f"{_english(KINDS[rule.kind])} | {days} | {bounds} | {_english(SINCE[rule.since])}"
        yield f"| {said} | {THEN[rule.how]} | {rule.source} |\n"


def _days(rule: Rule) -> str:
    return "-" if rule.how is How.KEPT or rule.since == "full" else str(rule.days)


def _english(words: object) -> str:
    """The words as they stand in the code: no request is here to say another language."""
    return str(words)
