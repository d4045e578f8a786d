"""django-hordak's own ``transfer_to``, run by the Python of a scratch environment of the bench.

Reads counts from its input, one a line; makes so many transfers, one commit each, and answers
with the seconds they took. Nothing of ours is imported here, and what is imported by name is
only in that environment.
"""
# ruff: noqa: INP001  run by its path, in another environment

from __future__ import annotations

import os
import sys
import time
from importlib import import_module

APPLICATIONS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "mptt",
    "djmoney",
    "hordak",
]


def main() -> None:
    """Set Django up over the database named in the environment, then do as told."""
    import_module("django.conf").settings.configure(
        SECRET_KEY="bench",  # noqa: S106  nothing is signed
        USE_TZ=True,
        INSTALLED_APPS=APPLICATIONS,
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
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    models, money = import_module("hordak.models"), import_module("moneyed").Money
    asset, income = models.AccountType.asset, models.AccountType.income
    make = models.Account.objects.create
    bank = make(name="Bank", code="1", type=asset, is_bank_account=True, currencies=["INR"])
    gifts = make(name="Gifts", code="2", type=income, currencies=["INR"])
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        for _ in range(int(line)):
            gifts.transfer_to(bank, money(20, "INR"))
        print(time.perf_counter() - begun, flush=True)


if __name__ == "__main__":
    main()
