"""``python -m worker.leash COMMAND …`` becomes the command, on a leash held by whoever started it.

The kernel sends it SIGTERM when its parent dies, however that happens (Linux only; elsewhere a
killed supervisor leaves its children to be stopped by hand).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
HOLDER = "SANGHA_SUPERVISOR"


def main() -> None:
    """Tie the leash and become the command."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        # It may have died before the leash was tied.
        if str(os.getppid()) != os.environ[HOLDER]:
            sys.exit("the supervisor is gone")
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
