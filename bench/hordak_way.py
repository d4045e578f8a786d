"""django-hordak's own ``transfer_to``, run by the Python of a scratch environment of the bench.

Reads counts from its input, one a line; makes so many transfers, one commit each, and answers
with the seconds they took. Nothing of ours is imported here.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    """Set Django up over the database named in the environment, then do as told."""
    import django  # noqa: PLC0415  only the scratch environment has it
    from django.conf import settings  # noqa: PLC0415  as above

    settings.configure(
        SECRET_KEY="bench",  # noqa: S106  nothing is signed
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "mptt",
            "djmoney",
            "hordak",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": os.environ["BENCH_NAME"],
                "USER": os.environ["BENCH_USER"],
                "HOST": os.environ["BENCH_HOST"],
                "CONN_MAX_AGE": None,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  after the set-up
    from hordak.models import Account, AccountType  # noqa: PLC0415  as above
    from moneyed import Money  # noqa: PLC0415  as above

    call_command("migrate", verbosity=0)
    bank = Account.objects.create(
        name="Bank", code="1", type=AccountType.asset, is_bank_account=True, currencies=["INR"]
    )
    gifts = Account.objects.create(
        name="Gifts", code="2", type=AccountType.income, currencies=["INR"]
    )
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        for _ in range(int(line)):
            gifts.transfer_to(bank, Money(20, "INR"))
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
