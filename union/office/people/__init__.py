"""Offices: proposed by one, confirmed by another, ended with all that hangs on them."""
