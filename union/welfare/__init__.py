"""Schemes, claims and decisions; never pays by itself, a voucher does."""
