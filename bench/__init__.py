"""Measurements: each module is run by itself or all by `make bench`."""
