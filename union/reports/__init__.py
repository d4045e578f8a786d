"""Reads and prints across domains; never writes."""
