"""``python -m bench``: every measurement of this folder, one after the other.

A module called after somebody else's ``_way`` is run by a Python of theirs, not from here.
"""

from __future__ import annotations

import pkgutil
import runpy
from pathlib import Path

HERE = Path(__file__).parent

for module in sorted(module.name for module in pkgutil.iter_modules([str(HERE)])):
    if module != "__main__" and not module.endswith("_way"):
        print(f"\n# {module}", flush=True)
        runpy.run_module(f"bench.{module}", run_name="__main__", alter_sys=True)
