"""Closing a month: the live list of what must be done before, across all that touches money."""
