"""``python -m bench``: every measurement of this folder, one after the other, then one table.

A measurement that fails is named and leaves the others their turn; the command then ends with 1.
"""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.table import TABLE, keep, show

HERE = Path(__file__).parent
NO_MEASUREMENT = {"__main__", "desk", "table"}


def main() -> int:
    """Run all; 0 if none failed."""
    failed, began = 0, time.monotonic()
    names = sorted(module.name for module in pkgutil.iter_modules([str(HERE)]))
    with tempfile.TemporaryDirectory(prefix="sangha-bench-") as folder:
        table = Path(folder) / "table"
        os.environ[TABLE] = str(table)
        for name in [one for one in names if one not in NO_MEASUREMENT]:
            print(f"\n# {name}", flush=True)
            begun = time.monotonic()
            ended = subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False)
            print(f"({name}: {time.monotonic() - begun:.0f} s)", flush=True)
            if ended.returncode:
                keep(name, f"ended with {ended.returncode}", met=False)
                failed += 1
        print(f"\n# all, in {(time.monotonic() - began) / 60:.0f} minutes")
        show(table)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
