"""The WSGI application: `gunicorn app:app` with the deployment's settings in the environment."""

from __future__ import annotations

from union.factory import create_app
from union.infra.logs import configure
from union.infra.settings import Settings

configure("web")
app = create_app(Settings.from_environment())
