"""Addresses that take something and whose form no page shows while every form is tried.

Each waits for a state that the scene is never in. What such a page can read is held all the same:
`test_mass_assignment` looks through every form's fields and everything that is read by hand.
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
        "identity.add_key identity.ask_for_key identity.passkey_answer identity.passkey_ask "
        "ways.ring"
    ),
    "a demonstration's own buttons": "identity.enter identity.prove_as",
    "a card company that is set up, or money through one": (
        "checkout.borne checkout.desk_go_on checkout.desk_rest checkout.desk_stop "
        "checkout.end_aside checkout.fees checkout.go_on checkout.monthly checkout.notice "
        "checkout.owed checkout.pay checkout.place checkout.refund checkout.rest "
        "checkout.stop checkout.try_aside"
    ),
    "a line of the bank, a payee, or a file of payments": (
        "bank.accept bank.answer_refused bank.confirm_ceiling_of bank.confirm_hand "
        "bank.confirm_payee bank.confirm_upi bank.decide_many bank.end_hand bank.make "
        "bank.payee bank.refuse_payee bank.refused bank.reopen bank.send bank.take_out"
    ),
    "a row of the old register that is in doubt, or one brought in": (
        "intake.dealt_with intake.same intake.second_entry intake.take_back intake.two intake.undo"
    ),
    "a call, an incident, a raid or hours that go on": (
        "crisis.call_attach crisis.call_deal crisis.call_hear crisis.call_keep "
        "crisis.call_no_answer crisis.call_rest crisis.call_ring crisis.call_split "
        "crisis.call_take crisis.clock_carry crisis.clock_end crisis.incident_custody "
        "crisis.incident_lapsed crisis.incident_leave crisis.incident_merge "
        "crisis.incident_stay crisis.intake_keep crisis.minor crisis.minor_decide "
        "crisis.my_page_act crisis.policy_end crisis.practice_spoken crisis.rest_lift "
        "crisis.rota_link crisis.rota_offer crisis.rota_swap crisis.rota_swap_no crisis.slip "
        "crisis.taken_given crisis.taken_keep crisis.taken_meeting crisis.team_given "
        "crisis.team_move"
    ),
    "money that is in question, asked for, or handed over": (
        "dues.agree dues.close_cash dues.corrections dues.decide dues.difference dues.drop "
        "dues.end_let_off dues.give_back dues.go_on dues.phone_put_down dues.phone_register "
        "dues.phone_sync dues.phone_take dues.refuse dues.reminders dues.revoke_phone "
        "dues.settle dues.settle_signature dues.stop_reminders dues.withdraw_said "
        "dues.write_receipt"
    ),
    "a second hand that is waited for, or money on its way": (
        "ledger.answer_mistake ledger.answer_to_transfer ledger.end_count ledger.pay "
        "ledger.see_count ledger.transfer_back"
    ),
    "something that somebody began before, or that is locked, sealed or held": (
        "erasing.agree erasing.stop identity.begin_secrets identity.end_key "
        "identity.end_session identity.open_forget identity.other_opening_words "
        "legal.add_keeper legal.let_in legal.take locking.back locking.put_in "
        "locking.recovery_set opening.shut_now people.answer readings.give_up "
        "readings.inquiry readings.question readings.written retention.answer retention.lift "
        "retention.renew ways.end ways.heard welfare.appeal welfare.pay_again"
    ),
}
"""What each waits for, and the addresses."""

NOT_SHOWN = {name for names in WAITING.values() for name in names.split()}
