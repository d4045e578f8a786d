"""No demonstration card may have a pair that says "I cannot", or two pairs that are one."""

from union.crisis.rules.speech import I_CANNOT
from union.demo.making import digits_of


def test_every_card_has_two_usable_pairs():
    for number in range(2000):
        hers, forced = digits_of(f"KA/{number:05d}")
        assert hers != forced
        assert I_CANNOT not in (hers, forced)
        assert len(hers) == len(forced) == 2
