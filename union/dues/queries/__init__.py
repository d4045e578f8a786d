"""Reads of dues: accounts and passbooks, what a run would charge, rounds and waiting lines."""
