"""A month of calls played on a clock of its own, against simulated people; it can reach nobody.

It builds databases of its own that are thrown away, and its only gateway is a list in memory.
"""
