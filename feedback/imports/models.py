"""Files that are brought in: an import from its upload to its report."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from heard.kit.db import UtcTime, one_of

IMPORT_STATUSES = ("uploaded", "ready", "running", "done", "canceled", "failed")


class Import(SQLModel, table=True):
    """A file that somebody brings in, from its upload to the report. What it says of columns is `mapping`; `done` is how far
    it has been recorded, so that it goes on after a kill."""

    __tablename__ = "imports"
    __table_args__ = (
        one_of("status", IMPORT_STATUSES),
        CheckConstraint("done BETWEEN 0 AND rows", name="done"),
        Index("ix_imports_community", "community_id", "created_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    community_id: int = Field(foreign_key="communities.id", ondelete="CASCADE")
    poll_id: int | None = Field(default=None, foreign_key="polls.id", ondelete="SET NULL", index=True)
    made_poll: bool = Field(default=False, nullable=False)  # the poll was made by this import
    file_name: str = Field(max_length=200)
    file_hash: str = Field(max_length=64)  # of what was previewed: a file that changed since is previewed again
    form: str = Field(default="auto", max_length=20)  # the format, or auto
    title: str = Field(default="", max_length=200)  # of a new poll
    mapping: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    status: str = Field(default="uploaded", max_length=10)
    rows: int = Field(default=0, nullable=False)  # responses in the file
    done: int = Field(default=0, nullable=False)
    taken: int = Field(default=0, nullable=False)
    unchanged: int = Field(default=0, nullable=False)
    refused: int = Field(default=0, nullable=False)  # rows not taken, each in import_refusals
    stopping: bool = Field(default=False, nullable=False)  # somebody has said: cancel
    error: str = Field(default="", max_length=1000)
    created_by: int | None = Field(default=None, foreign_key="accounts.id", ondelete="SET NULL")
    created_at: datetime = Field(sa_type=UtcTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ImportPiece(SQLModel, table=True):
    """A piece of the file, kept in the database so that any worker can read it; deleted when the import has ended."""

    __tablename__ = "import_pieces"
    import_id: int = Field(foreign_key="imports.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ImportRefusal(SQLModel, table=True):
    """A row that was not taken, and why."""

    __tablename__ = "import_refusals"
    import_id: int = Field(foreign_key="imports.id", ondelete="CASCADE", primary_key=True)
    number: int = Field(primary_key=True)
    line: int
    reason: str = Field(max_length=500)
