"""byro's dues loop for 1,000 members, in an environment of its own, beside ours on as many.

Both over the same PostgreSQL, one after the other. Run with ``python -m bench.byro_dues
[members]``; ``BYRO_PYTHON`` names a Python that has byro already. Where byro does not install it
says so and measures nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from sqlalchemy.engine import make_url

from bench.dues_run import rounds
from bench.ledger_posting import throwaway
from bench.table import keep

MEMBERS = 1_000
WAY = Path(__file__).parent / "scratch" / "byro_way.py"


def scratch(folder: Path) -> str | None:
    """A Python that has byro; None if it cannot be had."""
    given = os.environ.get("BYRO_PYTHON")
    if given:
        return given
    venv.create(folder / "byro", with_pip=True)
    python = folder / "byro" / "bin" / "python"
    wanted = [str(python), "-m", "pip", "install", "--quiet", "byro==2023.1.0"]
    made = subprocess.run(wanted, capture_output=True, check=False)
    return str(python) if made.returncode == 0 else None


def main() -> None:
    """Print members a second."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    with tempfile.TemporaryDirectory(prefix="sangha-bench-") as place:
        python = scratch(Path(place))
        if python is None:
            print("byro does not install here; nothing was measured")
            keep("byro's dues loop", "does not install")
            return
        with throwaway(durable=True) as (_, cluster):
            name = cluster.copy("template1", "postgres", name=f"byro_{os.getpid()}")
            url = make_url(cluster.database(name).superuser_url)
            environment = {
                "PATH": os.environ["PATH"],
                "HOME": place,
                "BYRO_DATA_DIR": place,
                "BYRO_FILESYSTEM_LOGS": place,
                "BYRO_FILESYSTEM_MEDIA": place,
                "BYRO_FILESYSTEM_STATIC": place,
                "BYRO_DB_NAME": name,
                "BYRO_DB_USER": str(url.username),
                "BYRO_DB_HOST": str(url.query.get("host") or url.host),
            }
            told = subprocess.run(
                [python, WAY, str(members)],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            cluster.drop(name)
    if told.returncode:
        said = told.stderr.strip().splitlines() or ["it said nothing"]
        print(f"byro did not run here: {said[-1]}")
        keep("byro's dues loop", "does not run")
        return
    seconds, booked = told.stdout.split()[-2:]
    theirs, ours = members / float(seconds), rounds(members).rate
    print(f"dues of {members} members, one due each (byro made {booked} bookings)")
    print(f"  byro     {float(seconds):7.2f} s {theirs:9.0f}/s")
    print(f"  ours     {members / ours:7.2f} s {ours:9.0f}/s   {ours / theirs:5.0f} x byro")
    keep(
        f"dues of {members:,} members, beside byro's loop",
        f"{ours / theirs:.0f} x as fast",
        "ahead",
        met=ours > theirs,
    )


if __name__ == "__main__":
    main()
