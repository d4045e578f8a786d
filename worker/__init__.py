"""Starts the processes that work behind the pages; decides nothing."""
