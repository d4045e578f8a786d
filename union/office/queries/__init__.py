"""Reads that span domains."""
