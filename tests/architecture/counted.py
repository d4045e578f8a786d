"""Every place in which people or what concerns them is counted, and why it may be (law P4).

A count that was told of a series stands in lines of ``kernel.figures``. Any other is seen only by
whoever may open each thing behind it, is of her own things, counts no people, or is shown nowhere.
"""

from __future__ import annotations

TOLD = {
    "crisis/figures_told.html": "calls",
    "crisis/figures.html": "calls",
}
"""The series; true counts beside it are for whoever may open ``crisis.incident``."""

BEHIND = {
    "bank/payee.html": ("bank.payee", "bank.payees"),
    "bank/payees.html": ("bank.payees", "bank.payee"),
    "bank/queries/hands.py": ("bank.hands", "bank.confirm_hand"),
    "bank/queries/lines.py": ("bank.home", "bank.line"),
    "bank/queries/payees.py": ("bank.payee", "bank.payees"),
    "crisis/after.html": ("crisis.all_lessons", "crisis.incident"),
    "crisis/calls.html": ("crisis.calls", "crisis.call"),
    "crisis/figures.html": ("crisis.figures", "crisis.incident"),
    "crisis/minors.html": ("crisis.minors", "crisis.minor"),
    "crisis/parts.html": ("crisis.board", "crisis.incident"),
    "crisis/queries/own_paths.py": ("crisis.minors", "crisis.minor"),
    "crisis/taken.html": ("crisis.taken_list", "crisis.taken_one"),
    "crisis/views/board.py": ("crisis.board", "crisis.incident"),
    "dues/month.html": ("dues.month", "dues.passbook"),
    "dues/months.html": ("dues.months", "dues.passbook"),
    "dues/queries/asking.py": ("dues.samples", "dues.sample"),
    "dues/queries/corrections.py": ("dues.corrections", "dues.passbook"),
    "dues/queries/due.py": ("dues.month", "dues.passbook"),
    "dues/queries/proposals.py": ("dues.proposals", "dues.passbook"),
    "dues/queries/reminders.py": ("dues.reminders", "dues.passbook"),
    "dues/queries/runs.py": ("dues.run", "dues.passbook"),
    "dues/queries/standing.py": ("dues.standing", "dues.passbook"),
    "dues/reminders.html": ("dues.reminders", "dues.passbook"),
    "dues/run.html": ("dues.run", "dues.passbook"),
    "dues/services/runs.py": ("dues.run", "dues.passbook"),
    "dues/standing.html": ("dues.standing", "dues.passbook"),
    "legal/keys.html": ("legal.keys", "legal.let_in"),
    "legal/views/keys.py": ("legal.keys", "legal.let_in"),
    "members/branch.html": ("members.branch", "members.member"),
    "members/found.html": ("members.find", "members.member"),
    "members/queries/pages.py": ("members.register", "members.member"),
    "members/register.html": ("members.register", "members.member"),
    "office/audit/queries/cash.py": ("audit.step", "ledger.entry"),
    "office/audit/queries/spending.py": ("audit.step", "ledger.entry"),
    "office/import_preview.html": ("intake.preview", "members.member"),
    "office/readings/queries/asking.py": ("readings.questions", "readings.question"),
    "readings/questions.html": ("readings.questions", "readings.question"),
    "welfare/claims.html": ("welfare.claims", "welfare.claim"),
}
"""A page, and another of each thing that it counts: whoever opens the first opens the second."""

FIRST_PAGE = {
    "office/queries/today.py",
    "office/today/calls.py",
    "office/today/care.py",
    "office/today/members.py",
    "office/today/readings.py",
}
"""Each card is one office's and counts what that office opens."""

HERS = {
    "crisis/mine.html",
    "crisis/slip_place.html",
    "crisis/taken_team.html",
    "dues/queries/rounds.py",
    "dues/round_people.html",
    "identity/queries/codes.py",
    "office/erasing/queries.py",
    "legal/cases.html",
    "legal/received.html",
    "legal/shared.html",
}
"""Of what she was asked to, holds or was given, each of which she opens."""

LEAVES_THE_UNION = {
    "crisis/figures_paper.html": "a replay of made-up people, whom the file names as such",
    "reports/books/annual.py": "by law, for a year that is over; else a closed month, in fives",
    "reports/queries.py": "the same",
}
"""And is true: why."""

NOBODY = {
    "bank/queries/reconciliation.py": "lines of the bank and of the books",
    "checkout/queries/office.py": "words of the card company that could not be followed up",
    "cli/doctor.py": "keys by their version",
    "cli/erasures.py": "orders by how far they are, and keys; whoever runs it carries them out",
    "cli/keys.py": "keys by their version",
    "cli/replay/play.py": "made-up people",
    "crisis/queries/coverage.py": "hours of the rota",
    "crisis/queries/drills.py": "practice calls",
    "crisis/rota_all.html": "hours of the rota, and those of us who hold them",
    "crisis/rota_district.html": "those of us who were asked whether they take an hour",
    "gateways/simulator/table.py": "calls of simulated telephones",
    "infra/embedded/beside.py": "connections",
    "infra/embedded/saving.py": "rows of tables, in a backup's own list",
    "infra/key_rotation.py": "keys by their version",
    "infra/reading_seals.py": "readings that wait for a seal",
    "ledger/queries/counts.py": "counts of boxes",
    "ledger/queries/daybooks.py": "lines of a book",
    "ledger/queries/inter_fund.py": "moves between funds",
    "ledger/queries/keeping.py": "vouchers",
    "ledger/queries/seals.py": "entries that wait for a seal",
    "office/audit/queries/books.py": "seals",
    "office/audit/queries/workspace.py": "findings",
    "office/closing/queries.py": "what holds a month up",
}
"""What is counted instead."""

DECIDES = {
    "bank/queries/knowledge.py": "who has paid from an account before",
    "bank/services/deciding.py": "whether a line was decided before",
    "crisis/queries/candidates.py": "who was asked often of late",
    "crisis/services/debrief.py": "whether somebody was told",
    "crisis/services/lines.py": "which line of the desk is free",
    "dues/queries/arrears.py": "who is behind by how many months",
    "dues/queries/phones.py": "lines that one collector's telephone sent",
    "identity/queries/roles.py": "whether two others are left",
    "legal/queries/cases.py": "who has the fewest cases",
    "legal/queries/holders.py": "who has the fewest complaints",
    "members/services/reach.py": "whether a number is shared",
    "messages/services/evidence.py": "whether a way is quiet",
    "messages/services/health.py": "what came in: told to whoever may open calls, and nobody else",
    "messages/services/outgoing.py": "whether a way is full",
    "office/locking/queries.py": "whether two are there to bring the office back",
    "welfare/services/claims.py": "whether a claim was decided before",
}
"""Asked by the machine, and shown to nobody as a count of people."""

LISTED = (
    TOLD.keys()
    | BEHIND.keys()
    | FIRST_PAGE
    | HERS
    | LEAVES_THE_UNION.keys()
    | NOBODY.keys()
    | DECIDES.keys()
)
