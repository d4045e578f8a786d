"""Her account, her telephone with a passkey, and the door before which nobody is anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.identity import make_account
from tests.builders.passkeys import SoftPhone
from tests.services.identity.passkey_acts import added, as_her
from union.kernel.actor import Actor


@pytest.fixture
def her(work):
    return make_account(work)


@pytest.fixture
def signed_in(work, her):
    """Her own work: what she does while she is signed in."""
    return as_her(work, her)


@pytest.fixture
def phone(signed_in):
    """Her telephone, with a passkey of hers that is kept."""
    return added(signed_in, SoftPhone())


@pytest.fixture
def door(work):
    return replace(work, actor=Actor.anonymous())
