"""What every domain stands on: database, work, outbox, timers, keys, audit; no domain word."""
