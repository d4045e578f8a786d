"""The one system that all canaries are planted in: made, walked through, backed up and stopped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.canary.system import System, planted_system


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """What stands when everything is over: the parts run still, the product was told to stop."""
    with planted_system(tmp_path_factory.mktemp("canary")) as planted:
        yield planted
