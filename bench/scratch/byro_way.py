"""byro's own dues loop, run by the Python of a scratch environment of the bench.

Makes so many members (its one argument), each with one month due, and says how many seconds
``update_liabilites`` took over all of them. Nothing of ours is imported here.
"""
# ruff: noqa: INP001  run by its path, in another environment

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from importlib import import_module


def main() -> None:
    """Set byro up over the database named in the environment, then charge everybody once."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "byro.settings"
    import_module("django").setup()
    theirs = import_module("byro.members.models")
    import_module("django.core.management").call_command("migrate", verbosity=0)
    today = datetime.now(UTC).date()
    members = [
        theirs.Member.objects.create(name="x", number=str(number))
        for number in range(int(sys.argv[1]))
    ]
    for member in members:
        theirs.Membership.objects.create(member=member, start=today, amount=20, interval=1)
    begun = time.perf_counter()
    for member in members:
        member.update_liabilites()
    seconds = time.perf_counter() - begun
    booked = sum(member.bookings.count() for member in members)
    print(f"{seconds} {booked}", flush=True)


if __name__ == "__main__":
    main()
