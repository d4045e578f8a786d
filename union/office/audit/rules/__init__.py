"""Decisions and arithmetic of an audit over plain values; no table, no clock, no page."""
