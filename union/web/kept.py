"""Files that never change under their address: a phone on a slow line fetches each one once."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

YEAR_S = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Write a file's own mark into its address, and let browsers keep it for a year."""
    folder = Path(str(app.static_folder))

    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            path = folder / values["filename"]
            values["v"] = _mark(path, path.stat().st_mtime_ns) if path.is_file() else None

    app.url_defaults(mark)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_S


@lru_cache(maxsize=64)
def _mark(path: Path, _written_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
