"""The card company's keys: where they come from, and where they may not be used."""

from __future__ import annotations

import pytest

from union.gateways.payments.stand_in import DEMONSTRATION_KEY
from union.infra.card_settings import SettingUnfitError, card_settings

LIVE = "sk_live_1"


def test_without_a_key_nobody_pays_by_card():
    assert card_settings({"STRIPE_WEBHOOK_SECRET": "whsec_1"}, demonstration=False) is None


def test_keys_come_from_the_environment_and_never_show_themselves():
    found = card_settings(
        {"STRIPE_SECRET_KEY": LIVE, "STRIPE_WEBHOOK_SECRET": "whsec_1"}, demonstration=False
    )
    assert (found.secret_key, found.webhook_secret) == (LIVE, "whsec_1")
    assert LIVE not in repr(found)
    assert "whsec_1" not in repr(found)


def test_a_key_may_lie_in_a_file_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "key"
    path.write_text(f"{LIVE}\n")
    path.chmod(0o600)
    environ = {"STRIPE_SECRET_KEY_FILE": str(path)}
    assert card_settings(environ, demonstration=False).secret_key == LIVE
    path.chmod(0o640)
    with pytest.raises(SettingUnfitError):
        card_settings(environ, demonstration=False)
    with pytest.raises(SettingUnfitError):
        card_settings({"STRIPE_SECRET_KEY_FILE": str(tmp_path / "none")}, demonstration=False)


@pytest.mark.parametrize(
    ("environ", "demonstration"),
    [
        ({"STRIPE_SECRET_KEY": DEMONSTRATION_KEY}, False),
        ({"STRIPE_SECRET_KEY": "sk_test_51abc"}, False),
        ({"STRIPE_SECRET_KEY": LIVE, "STRIPE_API_BASE": "http://127.0.0.1:1"}, False),
        ({"STRIPE_SECRET_KEY": LIVE}, True),
    ],
)
def test_pretended_money_stays_in_a_demonstration_and_real_money_out_of_it(environ, demonstration):
    with pytest.raises(SettingUnfitError):
        card_settings(environ, demonstration=demonstration)
