"""What can keep the parts from starting, each as one sentence that says what to do."""

from __future__ import annotations


class StartError(Exception):
    """Something outside our reach keeps us from starting; ``str()`` is for the person's eyes.

    The sentence never holds a password or anything from inside the databases.
    """


DISK_FULL = "The disk is full: free some space at {place} and start again; nothing is lost."
NO_SECOND_USER = (
    "PostgreSQL refuses to run as root and this container has no second user id to run it under: "
    "run this as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
)
NO_USER_NAME = (
    "PostgreSQL needs the user it runs as to have a name, and user id {uid} has none here: "
    "add a line for it to /etc/passwd, or set DATABASE_URL and REDIS_URL to servers of your own."
)
NOT_WRITABLE = "Nothing can be kept at {place}: {reason}; set SANGHA_DATA to a folder of your own."
NOT_FOR_THIS_MACHINE = (
    "There is no embedded {part} for this kind of machine: set DATABASE_URL and REDIS_URL to "
    "servers of your own."
)
DID_NOT_START = "{part} did not start; what it said last is in {log}: {line}"
UNREACHABLE = (
    "The {part} named by {name} does not answer ({where}): start it, correct {name}, or unset it "
    "to use the embedded one."
)
TOO_OLD = "The PostgreSQL named by DATABASE_URL is version {version}; 15 or newer is needed."
MISSING_RIGHT = (
    "The user of {name} may not {act}: let a database administrator do it, or set {instead}."
)
