"""What the schema's revisions share: a script run as it is, a function put back as it stood.

Owns the reading of the scripts in ``migrations/sql``; never decides what a revision changes, and
is called by revisions only.
"""

from __future__ import annotations

import re

from alembic import op

from union.infra.schema import MIGRATIONS


def run(sql: str) -> None:
    """Run SQL as it is written: no parameters, so that a per cent sign is one."""
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})


def run_script(name: str) -> None:
    """Run the script of this name (without ``.sql``)."""
    run(_read(name))


def put_back(script: str, *functions: str) -> None:
    """Give these functions the bodies they have in an earlier script again."""
    for function in functions:
        run(as_it_stood(script, function))


def as_it_stood(script: str, function: str) -> str:
    """The SQL that gives a function the body it has in this script; LookupError if it has none."""
    whole = rf"^CREATE (?:OR REPLACE )?(FUNCTION {function}\(.*?^(?:END )?\$\$;)"
    made = re.search(whole, _read(script), re.MULTILINE | re.DOTALL)
    if made is None:
        raise LookupError(function)
    return f"CREATE OR REPLACE {made[1]}"


def _read(name: str) -> str:
    return (MIGRATIONS / "sql" / f"{name}.sql").read_text(encoding="utf-8")
