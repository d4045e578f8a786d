"""Pages of the simulated outside world; there are none about messages themselves yet."""
