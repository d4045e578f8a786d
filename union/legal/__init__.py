"""Cases, consent and follow-up; never the ledger."""
