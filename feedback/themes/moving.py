"""Edits that move comments: merge, split, move. What they touch is held: no run moves a comment that a person placed.

Each comment that an edit places has a row with where it was before, so that the edit can be taken back exactly.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import func, insert, literal, or_, select, update
from sqlmodel import col

from feedback.models import Assignment, Comment, Theme, ThemeEdit, ThemeMove
from feedback.themes.edits import locked, named, recorded, standing
from feedback.themes.followed_quotes import follow_quotes, parts_of, sizes_of
from heard.accounts.models import Account
from heard.kit.clock import now
from heard.kit.db import DbSession
from heard.kit.errors import BadInput
from heard.kit.i18n import _, ngettext

MOST = 1000
"""Comments that can be chosen for one split or move; what says the same as one of them goes along."""
_A = Assignment.__table__  # type: ignore[attr-defined]


def merge(session: DbSession, theme: Theme, into: Theme, *, by: Account) -> ThemeEdit:
    """All comments of a theme, coarse or fine, go to another one; its address, and what was answered there, lead on.

    Those of a coarse theme go together. A coarse `into` takes them in its largest fine theme. The comments of both are
    held from now on. Raises BadInput for a theme and itself, or of two polls; ThemeMergedAway.
    """
    if theme.poll_id != into.poll_id:
        raise not_there(_("That theme belongs to another poll."))
    themes = locked(session, theme.poll_id)
    theme, into = standing(session, themes, theme), standing(session, themes, into)
    parts = [theme] if theme.parent_id is not None else parts_of(themes, theme)
    sources = {t.id or 0 for t in parts} - {into.id}
    target = fine_of(session, themes, into, but=sources)
    if target is None or not sources:
        raise not_there(_("A theme cannot be merged into itself."))
    gone = [themes[i] for i in sorted(sources)]
    above = {t.parent_id or 0 for t in gone} - {target.parent_id}
    gone += [themes[i] for i in sorted(above) if all(t.id in sources for t in parts_of(themes, themes[i]))]
    details = {
        "into": target.id,
        "into_theme": into.label,
        "themes": [t.id for t in gone],
        "n": _count(session, sources),
    }
    edit = recorded(session, theme, "merge", details, by=by, what="theme.merged")
    hold(session, edit, _A.c.theme_id.in_([*sources, target.id]))
    _place(session, _A.c.theme_id.in_([*sources, target.id]), target)
    for one in gone:
        one.merged_into = target.id
        session.add(one)
    follow_quotes(session, themes, {*sources, target.id or 0})
    return edit


def split(session: DbSession, theme: Theme, comments: Collection[int], label: str, *, by: Account) -> ThemeEdit:
    """The chosen comments open a fine theme under the same parent, with this name. They and the rest are held apart.

    Raises BadInput where a comment is no longer in the theme, for none or all of them, and as `rename`; ThemeMergedAway.
    """
    label = named(label)
    themes = locked(session, theme.poll_id)
    theme = standing(session, themes, theme)
    homes = _homes(session, themes, theme, comments)
    parts = [theme] if theme.parent_id is not None else parts_of(themes, theme)
    if len(set(comments)) == _count(session, {t.id or 0 for t in parts}):
        raise BadInput(
            _("These are all answers of this theme, so nothing would be left of it."),
            hint=_("Leave some out, or give the theme another name."),
            fields={"comments": _("All are chosen.")},
        )
    new = Theme(
        poll_id=theme.poll_id, parent_id=theme.parent_id or theme.id, label=label, named_by="person", born_at=now(),
        hidden=theme.hidden and theme.parent_id is not None,
    )  # fmt: skip
    session.add(new)
    session.flush()
    details = {"new": new.id, "new_theme": label, "from": homes[0], "n": len(set(comments))}
    edit = recorded(session, theme, "split", details, by=by, what="theme.split")
    hold(session, edit, _A.c.theme_id.in_(homes))
    _place(session, _A.c.theme_id.in_(homes), None, only_hold=True)
    place_each(session, comments, new)
    themes[new.id or 0] = new
    follow_quotes(session, themes, {*homes, new.id or 0})
    return edit


def move(
    session: DbSession, theme: Theme, comments: Collection[int], to: Theme | None, *, by: Account
) -> ThemeEdit | None:
    """The chosen comments of a theme go to another one, or stand alone (None), and are held there.

    A coarse `to` takes them in its largest fine theme. None: all of them were held there before. Raises BadInput where
    a comment is no longer in the theme, ThemeMergedAway for either of the two.
    """
    if to is not None and to.poll_id != theme.poll_id:
        raise not_there(_("That theme belongs to another poll."))
    themes = locked(session, theme.poll_id)
    theme = standing(session, themes, theme)
    homes = _homes(session, themes, theme, comments)
    target = fine_of(session, themes, standing(session, themes, to)) if to is not None else None
    if to is not None and target is None:
        raise not_there(_("That theme has no answers any more."))
    if held_there(session, comments, target):
        return None
    details = {
        "to": target.id if target else None, "to_theme": to.label if to else "", "n": len(set(comments)),
    }  # fmt: skip
    edit = recorded(session, theme, "move", details, by=by, what="theme.answers_moved")
    put(session, edit, comments, target, themes, homes)
    return edit


def put(
    session: DbSession, edit: ThemeEdit, comments: Collection[int], target: Theme | None, themes: dict[int, Theme],
    homes: Sequence[int | None],
) -> None:  # fmt: skip
    """Put answers from these homes into a theme, or alone, and remember where they were; quotes follow."""
    for some in portions(comments):
        hold(session, edit, _A.c.comment_id.in_(some))
    place_each(session, comments, target)
    touched = {home for home in homes if home} | ({target.id or 0} if target else set())
    follow_quotes(session, themes, touched)


def fine_of(
    session: DbSession, themes: dict[int, Theme], theme: Theme, *, but: Collection[int] = ()
) -> Theme | None:  # fmt: skip
    """The theme, or the largest fine one below it that is not among `but`; None where there is none."""
    parts = [theme] if theme.parent_id is not None else parts_of(themes, theme)
    left = [t for t in parts if t.id not in but]
    sizes = sizes_of(session, [t.id or 0 for t in left])
    return max(left, key=lambda t: (sizes.get(t.id or 0, 0), -(t.id or 0)), default=None)


def _homes(session: DbSession, themes: dict[int, Theme], theme: Theme, comments: Collection[int]) -> list[int]:
    """The fine themes in which these comments of a theme are, that of most first; locked, in the order of their ids."""
    some_chosen(comments)
    parts = [theme.id] if theme.parent_id is not None else [t.id for t in parts_of(themes, theme)]
    found: list[int] = []
    for some in portions(comments):
        mine = select(_A.c.theme_id).where(_A.c.comment_id.in_(some), _A.c.theme_id.in_(parts))
        found += session.scalars(mine.order_by(_A.c.comment_id).with_for_update())
    if missing := len(set(comments)) - len(found):
        words = ngettext(
            "Nothing was changed: %(n)s of these answers is not in this theme, or no longer.",
            "Nothing was changed: %(n)s of these answers are not in this theme, or no longer.", missing,
        )  # fmt: skip
        hint = _("They were moved or withdrawn meanwhile. Open the theme again and choose anew.")
        raise BadInput(words % {"n": missing}, hint=hint, fields={"comments": _("Not in this theme.")})
    return sorted(set(found), key=lambda home: (-found.count(home), home))


def some_chosen(comments: Collection[int], most: float = float("inf")) -> None:
    """Raises BadInput for none, or for more than so many."""
    if not 0 < len(set(comments)) <= most:
        raise BadInput(
            _("Nothing was changed: choose 1 to %(n)s answers.") % {"n": MOST},
            hint=_("Tick the answers, then say where they belong."),
            fields={"comments": _("Choose at least one.") if not comments else _("At most %(n)s.") % {"n": MOST}},
        )


def held_there(session: DbSession, comments: Collection[int], target: Theme | None) -> bool:
    """Whether a person has put all of these into this theme, or alone, already."""
    other = or_(_A.c.placed_by == "machine", _A.c.theme_id.is_distinct_from(target.id if target else None))
    return not any(
        session.scalar(select(func.count()).where(_A.c.comment_id.in_(some), other)) for some in portions(comments)
    )


def hold(session: DbSession, edit: ThemeEdit, which: object) -> None:
    """Where these comments are now, for whoever takes the edit back."""
    # A ballot that takes its comment away meanwhile comes before this, and the comment is left out, or it waits.
    these = select(_A.c.comment_id).where(which)  # type: ignore[arg-type]
    its = select(col(Comment.id)).where(col(Comment.id).in_(these)).order_by(col(Comment.id))
    session.execute(its.with_for_update(read=True, key_share=True))
    before = select(literal(edit.id), _A.c.comment_id, _A.c.theme_id, _A.c.placed_by).where(which)  # type: ignore[arg-type]
    session.execute(insert(ThemeMove).from_select(["edit_id", "comment_id", "theme_id", "placed_by"], before))


def _place(session: DbSession, which: object, target: Theme | None, *, only_hold: bool = False) -> None:
    values = (
        {"placed_by": "person"} if only_hold else {"placed_by": "person", "theme_id": target.id if target else None}
    )
    session.execute(update(_A).where(which).values(values))  # type: ignore[arg-type]


def place_each(session: DbSession, comments: Collection[int], target: Theme | None) -> None:
    """These comments are in this theme, or alone, from now on, by a person."""
    for some in portions(comments):
        _place(session, _A.c.comment_id.in_(some), target)


def portions(comments: Collection[int]) -> list[Sequence[int]]:
    """Ids in order, as many as a statement takes."""
    ids = sorted(set(comments))
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]


def _count(session: DbSession, themes: Collection[int]) -> int:
    return sum(sizes_of(session, themes).values())


def not_there(why: str) -> BadInput:
    """What is raised for a theme that cannot take them."""
    hint = _("Nothing was changed. Choose another theme of this poll.")
    return BadInput(why, hint=hint, fields={"into": why})
