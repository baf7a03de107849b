"""Seals: what makes a counted ballot's going noticed."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime


class Seal(SQLModel, table=True):
    """What a minute brought to a poll: the marks of ballots added (+), changed (~) and withdrawn (-), sorted, one a line, and
    a SHA-256 over them and the seal before. Nothing of their order is kept."""

    __tablename__ = "seals"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("length(hash) = 64", name="hash"),
    )
    poll_id: int = Field(foreign_key="polls.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(primary_key=True)  # 1, 2, 3 … of its poll
    at: datetime = Field(sa_type=UtcTime)  # in an anonymous poll a day
    marks: str
    hash: str = Field(max_length=64)
