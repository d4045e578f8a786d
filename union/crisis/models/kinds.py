"""Column types of the closed lists: kept as words, read as members of their enumeration."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum


def column_of(words: type[StrEnum], length: int = 24) -> Enum:
    """A text column that holds the values of ``words``."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The database's own refusal of any other word."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", column)
