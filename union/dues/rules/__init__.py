"""Decisions of dues over plain values: charges, allocation, opening, sheets and hand-overs."""
