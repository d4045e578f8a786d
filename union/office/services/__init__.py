"""Use cases that span domains and must be one transaction."""
