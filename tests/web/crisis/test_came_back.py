"""The board says that the union came back from a backup, for as long as somebody must know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from union.infra.backup_log import RestoreDone
from union.kernel.actor import Actor

SAYS = "brought back from a backup of"


@pytest.mark.parametrize(("hours", "is_said"), [(1, True), (47, True), (49, False)])
def test_whoever_is_at_the_board_knows_what_is_missing(pages, operator, hours, is_said):
    assert SAYS not in operator.get("/board").text
    with pages.begin(Actor.system("restore")) as work:
        at = work.clock.now() - timedelta(hours=hours)
        work.session.add(
            RestoreDone(
                ref="sangha-1",
                backed_up_at=at - timedelta(hours=3),
                restored_at=at,
                keys_destroyed=0,
                messages_held=2,
                sessions_ended=4,
            )
        )
    for path in ("/board", "/board/now"):
        said = operator.get(path).text
        assert (SAYS in said) is is_said
        assert ("ask whoever went out" in said) is is_said
