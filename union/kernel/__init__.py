"""Plain values: money, time, ids, phones, places, people who act; never Flask, never SQL."""
