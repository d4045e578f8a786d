"""What guessing a password costs: tests use the cheapest, so the product's price is held here."""

from __future__ import annotations

OWASP_LEAST = (2, 19_456, 1)
"""Argon2id: passes, KiB and lanes of the Password Storage Cheat Sheet."""

RFC_SECOND_CHOICE = (3, 65_536)
"""Passes and KiB of RFC 9106 for machines with little memory."""


def test_a_sign_in_password_is_dearer_than_the_least_there_should_be(prices):
    assert all(ours >= least for ours, least in zip(prices.signing_in, OWASP_LEAST, strict=True))


def test_a_secret_key_lies_under_more_than_a_sign_in(prices):
    for price in (prices.sealing, prices.signing):
        assert price[:2] >= RFC_SECOND_CHOICE
        assert price[:2] > prices.signing_in[:2]


def test_a_name_nobody_has_costs_as_much_as_one_that_somebody_has(prices):
    assert prices.nobodys == prices.signing_in
