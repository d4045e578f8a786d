"""``docs/retention.md`` is the rules, no more and no less."""

from __future__ import annotations

from pathlib import Path

from union.cli.retention import written
from union.kernel.keeping import How
from union.office.retention.collected import KEPT, RULES
from union.web.words.retention import AREAS, HOWS, KINDS, SINCE

DOCUMENT = Path(__file__).parents[2] / "docs" / "retention.md"


def test_the_document_is_what_the_rules_say():
    kept = DOCUMENT.read_text(encoding="utf-8")
    assert kept == written(), "run: union retention document > docs/retention.md"


def test_every_rule_stands_in_it_once_and_has_words():
    assert len(RULES) == len(KEPT)
    assert RULES.keys() == KINDS.keys()
    assert sorted(kind for _area, kinds in AREAS for kind in kinds) == sorted(KINDS)
    assert {rule.since for rule in RULES.values()} == SINCE.keys()
    assert set(HOWS) == {how.value for how in How}


def test_a_rule_says_what_its_hand_is():
    for one in KEPT:
        assert (one.hand is not None) == one.rule.has_hand, one.rule.kind
