"""A member's card with sixteen digits, her PIN, and the devices she opened with it."""

from union.infra.revising import run, run_script

revision = "0043_cards"
down_revision = "0042_passkeys"

BACK = """
ALTER TABLE contact DROP CONSTRAINT contact_other_pin_check;
ALTER TABLE contact DROP CONSTRAINT contact_channel_check;
UPDATE contact SET channel = 'app' WHERE channel = 'other_pin';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE contact ADD CONSTRAINT contact_channel_check CHECK (channel IN
  ('hotline', 'sms', 'missed_call', 'app', 'own_responder', 'walk_in'));
DROP TRIGGER sign_in_session_after_a_day ON sign_in_session;
DROP TABLE voice_grant, own_device, pin, card_start, number_card;
DROP FUNCTION voice_grant_given, voice_grant_goes_on, sign_in_session_after_a_day,
  own_device_goes_on, number_card_goes_on, card_start_used, card_start_given,
  number_card_printed, card_hands, card_person, card_refuse;
"""


def upgrade() -> None:
    """Make the tables and their laws."""
    run_script("0043_cards")


def downgrade() -> None:
    """Take them away: nobody opens by a card any more; what was told stays a contact."""
    run(BACK)
