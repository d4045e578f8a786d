"""Addresses that take something and whose form no test of every form is ever shown.

Each waits for a state that neither the scene nor a story of `tests/attacks/awaited` is ever in.
What such a page can read is held all the same: `test_mass_assignment` looks through every form's
fields and everything that is read by hand.
"""

from __future__ import annotations

WAITING = {
    "what a provider calls, signed or with a secret: tests/attacks/test_webhooks.py": (
        "providers.receipt providers.text providers.twilio_call providers.twilio_ended "
        "providers.twilio_join providers.twilio_joined providers.twilio_keys "
        "providers.twilio_receipt providers.twilio_text"
    ),
    "what a script of ours sends: tests/attacks/test_odd_json.py": (
        "dues.phone_put_down dues.phone_register dues.phone_sync dues.phone_take "
        "identity.add_key identity.ask_for_key identity.passkey_answer identity.passkey_ask"
    ),
    "a demonstration's own buttons": "identity.enter identity.prove_as",
    "a card company that is set up, or money through one": (
        "checkout.borne checkout.desk_go_on checkout.desk_rest checkout.desk_stop "
        "checkout.end_aside checkout.fees checkout.go_on checkout.monthly checkout.notice "
        "checkout.owed checkout.pay checkout.place checkout.refund checkout.rest "
        "checkout.stop checkout.try_aside"
    ),
    "a row of the old register that is in doubt, or one brought in": (
        "intake.dealt_with intake.same intake.second_entry intake.take_back intake.two intake.undo"
    ),
    "hours that are offered, swapped or ended": (
        "crisis.policy_end crisis.practice_spoken "
        "crisis.rota_link crisis.rota_offer crisis.rota_swap crisis.rota_swap_no"
    ),
    "something that lies in her own browser, or that is opened by her words": (
        "identity.begin_secrets identity.end_key identity.open_forget "
        "legal.add_keeper legal.let_in opening.shut_now"
    ),
}
"""What each waits for, and the addresses."""

NOT_SHOWN = {name for names in WAITING.values() for name in names.split()}
