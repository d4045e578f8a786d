"""Locking the office and bringing it back; and the papers of two trustees, who can open anew."""
