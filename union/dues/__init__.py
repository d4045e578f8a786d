"""Dues: what each member owes and has paid, rounds, receipts and hand-overs; never a crisis."""
