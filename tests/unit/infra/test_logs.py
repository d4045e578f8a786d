"""What a process of ours leaves behind."""

from __future__ import annotations

import subprocess
import sys

FALLS = """
import resource
from union.infra.logs import configure
most = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
configure("test")
print(resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_a_process_that_falls_leaves_no_picture_of_its_memory():
    done = subprocess.run([sys.executable, "-c", FALLS], capture_output=True, check=True, text=True)
    assert done.stdout == "(0, 0)\n"
