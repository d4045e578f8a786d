"""Erasing somebody: asked, agreed by two, told to her, carried out step by step, and certified."""
