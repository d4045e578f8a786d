"""Reads of card payments; they write nothing and ask no provider."""
