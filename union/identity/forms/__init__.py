"""The shapes of what is typed to be let in."""

from __future__ import annotations

from union.identity.forms.signing import ProveForm, SignInForm

__all__ = ["ProveForm", "SignInForm"]
