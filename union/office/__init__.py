"""Use cases and pages that span domains; never a rule of one domain."""
