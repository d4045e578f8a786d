"""What became of a sheet: a sentence for each thing that happened, none for what did not."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import ngettext

from union.kernel.money import format_amount


def taken_in(made: Mapping[str, int]) -> str:
    """The words for a sheet's outcome: ``booked`` lines of ``amount_minor`` (paise), and the rest.

    The rest may be ``already``, ``waiting``, ``missing``, ``handed``, ``not_handed``.
    """
    booked = ngettext(
        "%(num)s line is booked (%(sum)s).",
        "%(num)s lines are booked (%(sum)s).",
        made["booked"],
        sum=format_amount(made["amount_minor"]),
    )
    rest = {key: number for key, number in made.items() if key in _BESIDES and number}
    return " ".join([booked, *(_said(key, number) for key, number in rest.items())])


_BESIDES = ("already", "waiting", "missing", "handed", "not_handed")


def _said(key: str, number: int) -> str:
    words: dict[str, str] = {
        "already": ngettext("%(num)s was there already.", "%(num)s were there already.", number),
        "waiting": ngettext(
            "%(num)s waits for somebody to look.", "%(num)s wait for somebody to look.", number
        ),
        "missing": ngettext("%(num)s receipt is missing.", "%(num)s receipts are missing.", number),
        "handed": ngettext(
            "%(num)s hand-over is taken in.", "%(num)s hand-overs are taken in.", number
        ),
        "not_handed": ngettext(
            "%(num)s hand-over is not taken in.", "%(num)s hand-overs are not taken in.", number
        ),
    }
    return words[key]
