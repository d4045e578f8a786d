"""The keys of the pretended card company, for a demonstration only."""

from __future__ import annotations

from union.gateways.payments.stand_in import DEMONSTRATION_KEY, DEMONSTRATION_SECRET, PATH


def pretended_cards(own_address: str) -> dict[str, str]:
    """The environment by which our processes find the company behind our own door."""
    return {
        "STRIPE_SECRET_KEY": DEMONSTRATION_KEY,
        "STRIPE_WEBHOOK_SECRET": DEMONSTRATION_SECRET,
        "STRIPE_API_BASE": f"{own_address}{PATH}",
    }
