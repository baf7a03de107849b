"""Lists of answers beyond one theme: what a search found in a poll, and those that stand alone. With what the forms below
them need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feedback.themes import answers_of
from feedback.themes import queries as theme_queries
from feedback.themes.answers_of import Key, Part, Wanted
from feedback.themes.edits import LONGEST_LABEL
from feedback.themes.queries import ThemeRow
from feedback.themes.views import Branch, Change, changes, others_than
from heard.accounts.access import Member
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext, number
from polls.models import Poll


@dataclass
class AnswersPage:
    """templates/feedback/theme_answers.html. `q`: words that were looked for; `alone`: only answers without a theme;
    `themes`: by id; the rest as on the page of a theme."""

    member: Member
    poll: Poll
    at: str
    finding: str
    q: str
    alone: bool
    part: Part
    themes: Mapping[int, ThemeRow]
    others: list[Branch]
    last: Change | None
    ticked: frozenset[int] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    hint: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST_LABEL


def wanted(member: Member, q: str, *, alone: bool) -> Wanted:
    """What such a list holds, for this reader."""
    return Wanted(alone=alone, words=q, hidden=member.may("edit_themes"))


def answers_page(
    session: DbSession, member: Member, poll: Poll, q: str, *, alone: bool, after: Key | None = None,
    typed: Mapping[str, str] | None = None, ticked: Iterable[int] = (), refused: BadInput | None = None,
) -> AnswersPage:  # fmt: skip
    """What a search found, or what stands alone (with a search in it). Without words, a search finds nothing."""
    held, edits = theme_queries.held_back(session, poll), member.may("edit_themes")
    rows = [] if held else theme_queries.themes_of(session, poll.id or 0, hidden=edits)
    asked = not held and (alone or q)
    lines = answers_of.lines_of(session, poll.id or 0, wanted(member, q, alone=alone)) if asked else []
    part = answers_of.page_of(session, lines, after)
    return AnswersPage(
        member, poll, f"/m/{member.community.slug}/polls/{poll.slug}/themes", _finding(part.answers, q, alone=alone), q, alone, part,
        themes={row.id: row for row in rows}, others=others_than(rows, None) if edits else [],
        last=next(iter(changes(session, poll, 1)), None) if edits and not held else None,
        ticked=frozenset(ticked), typed=typed or {}, message=refused.message if refused else "", hint=refused.hint if refused else "",
        errors=refused.fields if refused else {},
    )  # fmt: skip


def _finding(n: int, q: str, *, alone: bool) -> str:
    """The page's title says what was found."""
    figures = {"n": number(n), "q": q}
    if alone and not q:
        return (
            ngettext("%(n)s answer stands alone", "%(n)s answers stand alone", n) % figures
            if n
            else _("No answer stands alone")
        )
    if not q:
        return _("Search what people said")
    if not n:
        return _("No answer says “%(q)s”") % figures
    return ngettext("%(n)s answer says “%(q)s”", "%(n)s answers say “%(q)s”", n) % figures
