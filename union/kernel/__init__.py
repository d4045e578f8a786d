"""Plain values of the product: money, time, ids, phones, places, people who act; never Flask, never SQL."""
