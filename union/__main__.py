"""``python -m union`` is the program ``union``."""

from __future__ import annotations

from union.cli import main

if __name__ == "__main__":
    main()
