"""``python -m bench``: every measurement of this folder, one after the other."""

from __future__ import annotations

import pkgutil
import runpy
from pathlib import Path

HERE = Path(__file__).parent

for module in sorted(module.name for module in pkgutil.iter_modules([str(HERE)])):
    if module != "__main__":
        print(f"\n# {module}", flush=True)
        runpy.run_module(f"bench.{module}", run_name="__main__", alter_sys=True)
