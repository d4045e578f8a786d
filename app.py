"""The WSGI application: `gunicorn app:app` with the deployment's settings in the environment."""

from __future__ import annotations

from worker.pages import application

app = application()
