"""Names of themes that a language model gave: when it is asked, how long a name holds, what the page says of it.

A name holds as long as the theme's keywords and quotes are those it was made from. A name that a person gave always wins.
Light: for runs and for pages; the asking is feedback/themes/naming.py.
"""

import hashlib
import json
from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import col

from feedback.models import Theme
from heard.kit import language_model, work
from heard.kit.db import DbSession
from heard.kit.i18n import _, number
from heard.kit.settings import settings


def fingerprint(theme: Theme) -> str:
    """Of what a name is made from: 64 digits."""
    return hashlib.sha256(json.dumps([theme.keywords, theme.quotes]).encode()).hexdigest()


def is_the_machines(theme: Theme) -> bool:
    """Whether its name is the machine's to change."""
    return theme.named_by == "machine" and not theme.pinned and theme.merged_into is None


def keep(session: DbSession, themes: Collection[Theme]) -> None:
    """After a run has named the themes of a poll: those that a model named, and that are as they were, keep its name, but
    for one that another theme of their level has now."""
    taken = {taken_as(theme, theme.label) for theme in themes}
    for theme in themes:
        held = is_the_machines(theme) and theme.model_label_for == fingerprint(theme)
        if held and theme.model_label and taken_as(theme, theme.model_label) not in taken:
            theme.label = theme.model_label
            session.add(theme)


def taken_as(theme: Theme, label: str) -> tuple[str, bool]:
    """What no two themes have in common: a name at a level. A coarse theme and its only part may have the same one."""
    return label.casefold(), theme.parent_id is None


def ask(session: DbSession, poll_id: int) -> None:
    """Have the worker ask for names, where the operator has set a language model up."""
    if language_model.is_set():
        work.due(session, "name_themes", poll_id, poll_id=poll_id)


def reworded(session: DbSession, poll_id: int) -> str:
    """What left this machine for the names of a poll's themes, in words; "" where nothing did."""
    given = (col(Theme.label) == col(Theme.model_label)) & (col(Theme.named_by) == "machine")
    asked, taken = session.execute(
        select(func.count(), func.count().filter(given)).where(
            col(Theme.poll_id) == poll_id, col(Theme.model_label_for) != ""
        )
    ).one()
    if not asked:
        return ""
    figures = {"n": number(taken), "all": number(asked), "host": language_model.host(), "model": settings().llm_model}
    if not language_model.is_set():
        words = _(
            "keywords and masked quotes went to a language model, since switched off; it gave %(n)s of %(all)s names"
        )
    elif settings().llm_model:
        words = _("keywords and masked quotes went to the model %(model)s at %(host)s; it gave %(n)s of %(all)s names")
    else:
        words = _("keywords and masked quotes went to a language model at %(host)s; it gave %(n)s of %(all)s names")
    return words % figures
