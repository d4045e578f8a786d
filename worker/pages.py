"""The pages: the application, and gunicorn serving it on a door that is open already.

Makes and serves, and must never decide anything. It loads all that pages need before it serves, so
that a supervisor which has imported this module forks them ready.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gunicorn.app import wsgiapp

from union.demo.people import PEOPLE
from union.factory import create_app
from union.infra.logs import configure
from union.infra.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

THREADS = 12


def application() -> Flask:
    """The application with the deployment's settings in the environment."""
    configure("web")
    settings = Settings.from_environment()
    return create_app(settings, showcase=PEOPLE if settings.demonstration else ())


def main(arguments: list[str]) -> int:
    """Serve on the open socket whose file number is given, until told to stop; the exit code."""
    (door,) = arguments
    sys.argv = [
        *("gunicorn", "app:app", "--bind", f"fd://{door}"),
        *("--worker-class", "gthread", "--threads", str(THREADS), "--workers", "1"),
        *("--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket"),
    ]
    wsgiapp.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
