"""What every domain stands on: database, unit of work, outbox, timers, keys, audit; no domain word."""
