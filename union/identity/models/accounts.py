"""Accounts: a way for one person to sign in; secrets are kept only as hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, FetchedValue, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, BigId, Instant, Ref
from union.kernel.ids import new_ref


class Account(Base):
    """A way for one person to sign in.

    Until ``confirmed_at`` nobody has seen that it is she who set its secrets: it carries no
    office. Until ``sensitive_from`` its sign-ins open no more than a PIN would. There is always an
    ``other_hash``, of nothing if she set no password for when she is made to open (revision 0053).
    """

    __tablename__ = "user_account"

    id: Mapped[BigId]
    ref: Mapped[Ref] = mapped_column(default=new_ref)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"), unique=True)
    sign_in_name: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    other_hash: Mapped[str] = mapped_column(server_default=FetchedValue())
    made_at: Mapped[Instant]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_by_person_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("person.id"))
    sensitive_from: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CircleWish(Base):
    """Who is to hold the first key to what is sealed in a circle, once she has opening words."""

    __tablename__ = "circle_wish"

    circle: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("person.id"))
    made_at: Mapped[Instant]
