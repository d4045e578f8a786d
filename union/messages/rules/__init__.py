"""Decisions about words, over plain values: may she be told, by which way, in which text."""
