"""Printing a member's number card, and saying her the word by which she opens it.

Owns the two pages and the paper; never keeps the digits or the word, and shows each once.
"""
