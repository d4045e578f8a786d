"""Decisions over plain values: needs, choice, steps, places, likeness, answers; no SQL."""
