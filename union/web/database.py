"""Flask-SQLAlchemy over the plain base: one session per request."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy

from union.infra.db import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
