"""`make prove` really proves: the profile it names is the one every property runs under."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[2]


def test_the_profile_in_force_is_the_one_that_was_named():
    named = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))
    assert settings.default is not None
    assert settings.default.max_examples == named.max_examples
    assert settings.default.stateful_step_count == named.stateful_step_count


@pytest.mark.parametrize(("name", "examples", "steps"), [("test", 100, 50), ("prove", 500, 50)])
def test_each_profile_reaches_the_tests(name, examples, steps):
    asked = "from hypothesis import settings as s; import tests.profiles; print(s.default)"
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_PROFILE": name, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert f"max_examples={examples}" in said
    assert f"stateful_step_count={steps}" in said
    assert "deadline=None" in said


def test_make_prove_names_the_long_profile():
    assert "HYPOTHESIS_PROFILE=prove" in (ROOT / "Makefile").read_text(encoding="utf-8")
