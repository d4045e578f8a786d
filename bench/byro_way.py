"""byro's own dues loop, run by the Python of a scratch environment of the bench.

Makes so many members (its one argument), each with one month due, and says how many seconds
``update_liabilites`` took over all of them. Nothing of ours is imported here.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date


def main() -> None:
    """Set byro up over the database named in the environment, then charge everybody once."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "byro.settings"
    import django  # noqa: PLC0415  only the scratch environment has it

    django.setup()
    from byro.members.models import Member, Membership  # noqa: PLC0415  after the set-up
    from django.core.management import call_command  # noqa: PLC0415  as above

    call_command("migrate", verbosity=0)
    members = [
        Member.objects.create(name="x", number=str(number)) for number in range(int(sys.argv[1]))
    ]
    for member in members:
        Membership.objects.create(member=member, start=date.today(), amount=20, interval=1)  # noqa: DTZ011  as byro does
    begun = time.perf_counter()
    for member in members:
        member.update_liabilites()
    seconds = time.perf_counter() - begun
    booked = sum(member.bookings.count() for member in members)
    print(f"{seconds} {booked}", flush=True)


if __name__ == "__main__":
    main()
