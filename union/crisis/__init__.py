"""Contacts, incidents, pages and answers; never dues or standing."""
