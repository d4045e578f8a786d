"""Readings and decisions about the register over plain values; no database, no clock."""
