"""What every domain stands on: database base, unit of work, outbox, timers, commands, keys, audit; never a domain word."""
