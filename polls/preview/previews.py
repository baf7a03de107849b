"""A draft as people will see it before anybody can: the ballot, and the post in each place. Pure."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.zones import days_later
from polls.kinds.kind import Draft, FrozenOption, FrozenQuestion, kinds
from polls.logic import Condition
from polls.preview.places import PlacePreview, place_named, preview_in
from polls.write.drafts import MOST_OPTIONS, PollDraft


class Shown(NamedTuple):
    """A question of the preview; `only_if`: under which conditions it is asked, in words."""

    question: FrozenQuestion
    only_if: str


def previewed(draft: PollDraft) -> tuple[FrozenQuestion, ...]:
    """The draft's questions as a ballot shows them, with ids of their own; what has no words yet shows where they will be.

    Kinds that are not there are left out, and options that are more than a poll can hold.
    """
    return tuple(
        FrozenQuestion(
            at, q.kind, q.wording or _("Your question"), q.help, q.required, "",
            tuple(FrozenOption(20_000 * at + n, label, role) for n, (role, label) in enumerate(_shown_options(q)[:MOST_OPTIONS], 1)),
            _usable_settings(q), q.section, q.section_intro, q.shuffled, q.keep_last,
        )
        for at, q in enumerate(draft.questions, 1) if q.kind in kinds()
    )  # fmt: skip


def _shown_options(draft: Draft) -> Sequence[tuple[str, str]]:
    """Role and label of each."""
    kind, settings = kinds()[draft.kind], _usable_settings(draft)
    examples = (_("First option"), _("Second option")) if kind.has_options else ()
    labels = draft.options or kind.fixed_options(settings) or examples
    rows = draft.rows or ((_("First row"), _("Second row")) if kind.has_rows else ())
    return [*(("row", row) for row in rows), *(("option", label) for label in labels), *kind.pinned_options(settings)]


def _usable_settings(draft: Draft) -> Mapping[str, Any]:
    try:
        return kinds()[draft.kind].settings(draft.settings)
    except BadInput:
        return kinds()[draft.kind].default_settings


def ballot(draft: PollDraft) -> tuple[Shown, ...]:
    """The questions with the conditions under which they are asked."""
    return tuple(Shown(q, only_if(draft, draft.questions[q.id - 1])) for q in previewed(draft))


def only_if(draft: PollDraft, question: Draft) -> str:
    """Such as "Asked only if the answer to question 1 is one of: Tea, Coffee.", or ""."""
    parts = [_condition(c) for c in question.show_if.conditions if 0 <= c.on < len(draft.questions)]
    between = _(" and ") if question.show_if.when == "all" else _(" or ")
    return _("Asked only if %(conditions)s.") % {"conditions": between.join(parts)} if parts else ""


def _condition(condition: Condition) -> str:
    words = {
        "is": _("the answer to question %(n)s is one of: %(labels)s"),
        "is_not": _("the answer to question %(n)s is none of: %(labels)s"),
        "at_least": _("the answer to question %(n)s is at least %(number)s"),
        "at_most": _("the answer to question %(n)s is at most %(number)s"),
        "answered": _("question %(n)s was answered"), "not_answered": _("question %(n)s was left empty"),
    }.get(condition.operator, "")  # fmt: skip
    figure = "…" if condition.number is None else f"{condition.number:g}"
    return words % {"n": condition.on + 1, "labels": ", ".join(condition.options) or "…", "number": figure}


def post_in(place: str, draft: PollDraft, *, url: str, zone: str, at: datetime) -> PlacePreview:
    """The draft's post in this place, if it were published `at` this moment. Raises NotFound."""
    closes = draft.closes_at
    if draft.closes_in_days and 1 <= draft.closes_in_days <= 366:
        with suppress(OverflowError):
            closes = days_later(draft.opens_at or at, draft.closes_in_days, zone)
    first = draft.questions[0] if draft.questions else Draft("single", "")
    return preview_in(
        place_named(place), title=draft.title or first.wording or _("Your question"), intro=draft.intro,
        options=[o[:500] for o in first.options[:50]] if len(draft.questions) < 2 else [], url=url,
        closes=closes.astimezone(ZoneInfo(zone)) if closes else None,
    )  # fmt: skip
