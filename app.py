"""The WSGI application: `gunicorn app:app` with the deployment's settings in the environment."""

from __future__ import annotations

from union.demo.people import PEOPLE
from union.factory import create_app
from union.infra.logs import configure
from union.infra.settings import Settings

configure("web")
settings = Settings.from_environment()
app = create_app(settings, showcase=PEOPLE if settings.demonstration else ())
