"""Readable addresses: made of a title, numbered when the plain one is taken."""

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from heard.kit import tokens
from heard.kit.db import DbSession


def slug_of(text: str, longest: int = 60) -> str:
    """A readable piece of an address: lower-case ASCII letters, digits and hyphens; "" when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


def free_slug(session: DbSession, table: Any, stem: str, *, reserved: Collection[str] = ()) -> str:
    """`stem`, or with the first number behind it that no row of this table has."""
    with session.no_autoflush:
        taken = {*reserved, *session.exec(select(table.slug).where(table.slug.startswith(stem)))}
    return next(s for n in range(1, len(taken) + 2) if (s := stem if n == 1 else f"{stem}-{n}") not in taken)


def add_with_slug(session: DbSession, row: Any, choose: Callable[[], str]) -> None:
    """Store the row at the address that `choose` finds free. Two made at the same moment: the second one looks again."""
    for _attempt in range(5):
        row.slug = choose()
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
            return
        except IntegrityError:
            continue
    row.slug = tokens.fresh()
    session.add(row)
    session.flush()
