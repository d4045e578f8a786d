"""Payments by card through a provider's own page; never sees a card's number, never books twice."""
