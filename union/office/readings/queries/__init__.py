"""Reads of readings: hers, the keepers' and the trustees'."""
