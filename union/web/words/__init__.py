"""Errors in words, one module per domain, so that they can be translated."""
