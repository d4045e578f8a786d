"""The blueprint that every page of identity stands on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("identity", __name__)
