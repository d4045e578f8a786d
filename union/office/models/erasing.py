"""Certificates that somebody was erased: numbered without gaps, each on the one before, signed."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from union.infra.db import Base, Instant
from union.infra.signing import Signature, is_signed


class ErasureCertificate(Base):
    """What was done for one order, in codes; ``said`` is signed as it stands."""

    __tablename__ = "erasure_certificate"
    __table_args__ = (
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        CheckConstraint("octet_length(signature) = 64", name="signature"),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    erasure_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("erasure.id"), unique=True)
    made_at: Mapped[Instant]
    said: Mapped[str] = mapped_column(Text)
    said_hash: Mapped[bytes] = mapped_column(LargeBinary)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def holds(self) -> bool:
        """Whether it is signed by the key that it names; whose that key is is asked elsewhere."""
        return is_signed(self.said.encode(), Signature(self.public_key, self.signature))

    @property
    def as_file(self) -> str:
        """What she is given, and what verify_certificate.py reads: the text and its signature."""
        return f"{self.said}public_key {self.public_key.hex()}\nsignature {self.signature.hex()}\n"
