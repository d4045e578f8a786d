"""Decisions about card payments over plain values; no table, no clock, no provider."""
