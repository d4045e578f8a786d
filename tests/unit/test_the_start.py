"""Starting everything: the port comes before what is slow, and the screen before the log."""

from __future__ import annotations

import json
import subprocess
import sys

from union.cli.serving import show
from union.infra.logs import LogFile


def test_the_port_is_asked_for_before_the_pages_are_loaded() -> None:
    asked = "import sys, union.cli.up; print([one for one in sys.modules if one in sys.argv])"
    slow = ["flask", "union.factory", "union.wiring", "worker.pages"]
    run = subprocess.run(
        [sys.executable, "-c", asked, *slow], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_what_a_process_notes_is_kept_and_what_goes_wrong_is_shown_too(tmp_path, capsys) -> None:
    log = LogFile(tmp_path / "logs" / "union.log")
    noted = json.dumps({"queues": 1, "event": "fallback_stepped_in", "level": "info"})
    for line in (noted, "Traceback (most recent call last):", "{not json"):
        show(log, "fallback", line)
    assert log.path.read_text().splitlines() == [
        noted,
        "Traceback (most recent call last):",
        "{not json",
    ]
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["  fallback | Traceback (most recent call last):", "  fallback | {not json"]


def test_a_log_that_is_full_is_put_aside(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("union.infra.logs._FULL", 10)
    log = LogFile(tmp_path / "union.log")
    for line in ("a line of some length", "another", "the last"):
        log.keep(line)
    assert log.path.read_text() == "another\nthe last\n"
    assert (tmp_path / "union.before.log").read_text() == "a line of some length\n"
