"""P5: what a process of ours says when something falls holds kinds and places, no message."""

from __future__ import annotations

import subprocess
import sys

import pytest

WORD = "qz7kanari66666667"
BEGIN = f"""
import gc, logging, sys, threading, warnings
from gunicorn.glogging import Logger
from gunicorn.config import Config
from rq.logutils import setup_loghandlers
from union.infra.logs import configure
configure("test")
WORD = "{WORD}"


class HeldError(ValueError):
    sqlstate = "22P02"


class Falls:
    def __del__(self):
        raise HeldError(WORD)


def falls():
    try:
        int(WORD)
    except ValueError as error:
        raise HeldError(WORD) from error

"""

FALLS = {
    "nobody catches it": ("falls()", "HeldError 22P02", 1),
    "in a thread": ("threading.Thread(target=falls).start()", "HeldError 22P02", 0),
    "where nothing can be raised": ("Falls(); gc.collect()", "HeldError 22P02", 0),
    "a warning": ("warnings.warn(WORD)", "py.warnings WARNING", 0),
    "a library's line": ("logging.getLogger('a').warning('so %s', WORD)", "a WARNING", 0),
    "a library's line with what fell": (
        "\ntry:\n    falls()\nexcept ValueError as error:\n    logging.exception(error)",
        "HeldError 22P02",
        0,
    ),
    "what gunicorn says": ("Logger(Config()).warning(WORD)", "/test_falls.py:", 0),
    "what RQ says": (
        "setup_loghandlers('WARNING'); logging.getLogger('rq.worker').error(WORD)",
        "rq.worker ERROR",
        0,
    ),
}


@pytest.mark.parametrize("how", FALLS)
def test_whatever_falls_is_said_without_its_message(how, tmp_path):
    line, said, code = FALLS[how]
    script = tmp_path / "test_falls.py"
    script.write_text(BEGIN + line)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    assert WORD not in told
    assert said in told
    assert done.returncode == code
