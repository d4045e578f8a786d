"""A storm: many incidents, a carrier that lies, and processes killed at random moments.

What runs is the product as anybody starts it; only the carrier, the telephones behind it and the
one who kills are ours. `tests/faults/test_storm.py` drives it.
"""
