"""What a manager has written, before and while it is a draft: limits, duplicates, differences. Pure.

Every surface that writes a poll (editor, API, import, demo) goes through `checked`. The keys of `fields` in its
refusals are paths such as "title" and "questions.0.options", which the editor and the API both understand.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest

from heard.kit.errors import BadInput
from heard.kit.i18n import LANGUAGES, _, ngettext, number, speaking
from heard.kit.web import clean_text
from heard.kit.zones import local_text
from polls.kinds.kind import Draft, kind_of
from polls.logic import OPERATORS, loop_in
from polls.models import RESULTS_RULES, VOTER_RULES

LONGEST = {
    "title": 200, "intro": 4000, "wording": 1000, "help": 2000, "option": 500, "field_id": 200, "section": 200,
    "section_intro": 2000, "translation": 4000,
}  # fmt: skip
MOST_QUESTIONS, MOST_OPTIONS, MOST_CONDITIONS = 500, 1000, 20


@dataclass(frozen=True)
class PollDraft:
    """Everything of a poll that can be edited until somebody has voted."""

    title: str
    questions: tuple[Draft, ...] = ()
    intro: str = ""
    locale: str = "en"
    voter_rule: str = "browser"
    results_rule: str = "after_vote"
    anonymous: bool = False
    listed: bool = True
    may_change: bool = True
    paged: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closes_in_days: int | None = None
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language: source → text


def checked(draft: PollDraft) -> PollDraft:
    """The draft, stripped and complete: a poll without a title takes its first question's words.

    Raises BadInput naming every part that cannot be stored; gaps (a question without words, one option only) are
    allowed until the poll is published.
    """
    wrong: dict[str, str] = {}
    title = _short(wrong, "title", draft.title, "title")
    intro = _short(wrong, "intro", draft.intro, "intro")
    for name, value, words in (
        ("locale", draft.locale, LANGUAGES),
        ("voter_rule", draft.voter_rule, VOTER_RULES),
        ("results_rule", draft.results_rule, RESULTS_RULES),
    ):
        if value not in words:
            wrong[name] = _("“%(value)s” is none of: %(words)s.") % {"value": value[:40], "words": ", ".join(words)}
    if len(draft.questions) > MOST_QUESTIONS:
        wrong["questions"] = _("A poll holds at most %(n)s questions.") % {"n": MOST_QUESTIONS}
    questions = tuple(
        _question(wrong, f"questions.{at}", q, draft.locale) for at, q in enumerate(draft.questions[:MOST_QUESTIONS])
    )
    _schedule(wrong, draft)
    translations = _translations(wrong, draft)
    _conditions(wrong, draft)
    if not title and not wrong:
        title = title_from(questions)
        if not title:
            wrong["title"] = _("Write a title, or a first question.")
    if wrong:
        hint = _("Nothing was saved yet. Change it and send it again.")
        raise BadInput(next(iter(wrong.values())), hint=hint, fields=wrong)
    return replace(draft, title=title, intro=intro, questions=questions, translations=translations)


def _translations(wrong: dict[str, str], draft: PollDraft) -> dict[str, dict[str, str]]:
    """What can be stored of them, by language. Words of texts that are gone are kept: the texts may come back, and a
    translation into the poll's own language is of use when the poll changes its language again."""
    kept: dict[str, dict[str, str]] = {}
    for language, words in draft.translations.items():
        path = f"translations.{language[:8]}"
        if language not in LANGUAGES:
            values = {"value": language[:40], "words": ", ".join(LANGUAGES)}
            wrong[path] = _("“%(value)s” is none of: %(words)s.") % values
            continue
        for source, text in words.items():
            source, text = (_short(wrong, path, part, "translation") for part in (source, text))
            if source and text:
                kept.setdefault(language, {})[source] = text
    return kept


def _schedule(wrong: dict[str, str], draft: PollDraft) -> None:
    if draft.opens_at and draft.closes_at and draft.closes_at <= draft.opens_at:
        wrong["closes_at"] = _("The poll would close before it opens. Choose a closing time after the opening.")
    if draft.closes_in_days is not None and not 1 <= draft.closes_in_days <= 366:
        wrong["closes_in_days"] = _("A poll can close by itself after 1 to 366 days.")


def _conditions(wrong: dict[str, str], draft: PollDraft) -> None:
    """What a condition may look at. An option that is not there (any more) is a gap, and no refusal: it may come back."""
    for at, question in enumerate(draft.questions[:MOST_QUESTIONS]):
        path, shown = f"questions.{at}.show_if", question.show_if
        if shown.when not in ("all", "any") or any(c.operator not in OPERATORS for c in shown.conditions):
            wrong[path] = _("A condition is one of: %(words)s.") % {"words": ", ".join(OPERATORS)}
        elif len(shown.conditions) > MOST_CONDITIONS:
            wrong[path] = _("A question takes at most %(n)s conditions.") % {"n": MOST_CONDITIONS}
        elif any(not 0 <= c.on < len(draft.questions) for c in shown.conditions):
            wrong[path] = _("Question %(n)s looks at a question that is not there.") % {"n": at + 1}
        elif any(c.on == at for c in shown.conditions):
            wrong[path] = _("Question %(n)s cannot depend on its own answer.") % {"n": at + 1}
        elif any(c.operator in ("is", "is_not") and not c.options for c in shown.conditions):
            wrong[path] = _("Say which options of the earlier question show question %(n)s.") % {"n": at + 1}
        elif any(c.operator in ("at_least", "at_most") and c.number is None for c in shown.conditions):
            wrong[path] = _("Say which number shows question %(n)s.") % {"n": at + 1}
    if not wrong and (round_trip := loop_in(draft.questions)):
        way = " → ".join(str(at + 1) for at in [*round_trip, round_trip[0]])
        words = _("These questions wait for each other, so none of them would ever be shown: %(way)s.")
        wrong[f"questions.{round_trip[0]}.show_if"] = words % {"way": way}


def title_from(questions: Sequence[Draft]) -> str:
    """The title of a poll that was given none: its first question's words."""
    return _cut(next((q.wording for q in questions if q.wording), ""), LONGEST["title"])


def _question(wrong: dict[str, str], path: str, draft: Draft, locale: str) -> Draft:
    try:
        kind = kind_of(draft.kind)
        settings = kind.settings(draft.settings)
        with speaking(locale):
            fixed, pinned = kind.fixed_options(settings), [label for _role, label in kind.pinned_options(settings)]
    except BadInput as refused:
        wrong[f"{path}.{next(iter(refused.fields), 'kind')}"] = " ".join((refused.message, refused.hint)).strip()
        return draft
    options = tuple(_short(wrong, f"{path}.options", o, "option", number_of=i) for i, o in enumerate(draft.options, 1))
    if options and not kind.has_options:
        if options != fixed:
            wrong[f"{path}.options"] = _("A question of the kind “%(kind)s” takes no options.") % {"kind": draft.kind}
    elif problem := options_problem((*options, *pinned), kind.most_options):
        wrong.setdefault(f"{path}.options", problem)
    rows = tuple(_short(wrong, f"{path}.rows", r, "option", number_of=i) for i, r in enumerate(draft.rows, 1))
    if rows and not kind.has_rows:
        wrong[f"{path}.rows"] = _("A question of the kind “%(kind)s” takes no rows.") % {"kind": draft.kind}
    elif problem := options_problem(rows):
        wrong.setdefault(f"{path}.rows", problem)
    return replace(
        draft,
        wording=_short(wrong, f"{path}.wording", draft.wording, "wording"),
        help=_short(wrong, f"{path}.help", draft.help, "help"),
        field_id=_short(wrong, f"{path}.field_id", draft.field_id, "field_id"),
        options=(options or fixed) if kind.has_options else fixed,
        settings=settings,
        rows=rows,
        section=_short(wrong, f"{path}.section", draft.section, "section"),
        section_intro=_short(wrong, f"{path}.section_intro", draft.section_intro, "section_intro"),
        shuffled=draft.shuffled and kind.has_options and not kind.has_steps,
        keep_last=max(0, min(draft.keep_last, len(options or fixed))),
    )


def options_problem(labels: Sequence[str], most: int = MOST_OPTIONS) -> str:
    """Why these labels cannot stand together, or "": empty, too many, or twice the same to a reader's eye."""
    if len(labels) > most:
        words = _("A question holds at most %(n)s options; these are %(many)s.")
        return words % {"n": number(most), "many": number(len(labels))}
    seen: dict[str, str] = {}
    for at, label in enumerate(labels, 1):
        if not label.strip():
            return _("Option %(n)s is empty.") % {"n": at}
        twin = seen.get(folded(label))
        if twin is not None:
            same = _("The option “%(other)s” is there twice.")
            near = _("“%(one)s” and “%(other)s” are the same option to a reader.")
            return (same if twin == label else near) % {"one": _cut(twin, 80), "other": _cut(label, 80)}
        seen[folded(label)] = label
    return ""


def folded(label: str) -> str:
    """A label as two readers would compare it: composed, without case and outer or doubled white space."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).casefold()).split())


def _short(wrong: dict[str, str], path: str, text: str, what: str, *, number_of: int = 0) -> str:
    try:
        text = clean_text(text).strip()
    except BadInput as refused:
        wrong[path] = refused.message
        return ""
    if len(text) > LONGEST[what]:
        values = {"n": number(len(text)), "most": number(LONGEST[what]), "at": number_of}
        wrong[path] = (
            _("Option %(at)s has %(n)s characters; %(most)s are the most there is room for.")
            if number_of
            else _("This has %(n)s characters; %(most)s are the most there is room for.")
        ) % values
    return text


def _cut(text: str, longest: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def differences(theirs: PollDraft, yours: PollDraft, *, zone: str = "UTC") -> list[str]:
    """What stands differently in two drafts of one poll, a sentence each: for somebody who was overtaken.

    `zone`: where opening and closing times are told.
    """
    found = []
    followed = not yours.title and theirs.title == title_from(theirs.questions)  # of both it is the first question
    if not followed and theirs.title != (title := yours.title or title_from(yours.questions)):
        words = _("The title: theirs is “%(theirs)s”, yours is “%(yours)s”.")
        found.append(words % {"theirs": _cut(theirs.title, 80), "yours": _cut(title, 80)})
    for at, (one, other) in enumerate(zip_longest(theirs.questions, yours.questions), 1):
        if one != other:
            found += _question_differences(at, one, other)
    for name, words in (
        ("opens_at", _("Opening: theirs %(theirs)s, yours %(yours)s.")),
        ("closes", _("Closing: theirs %(theirs)s, yours %(yours)s.")),
    ):
        one, other = _when(theirs, name, zone), _when(yours, name, zone)
        if one != other:
            found.append(words % {"theirs": one, "yours": other})
    if _rest(theirs) != _rest(yours):
        found.append(_("The introduction or the settings of the poll."))
    return found


def _rest(draft: PollDraft) -> PollDraft:
    return replace(draft, title="", questions=(), opens_at=None, closes_at=None, closes_in_days=None, translations={})


def _when(draft: PollDraft, name: str, zone: str) -> str:
    at = draft.opens_at if name == "opens_at" else draft.closes_at
    if at:
        return local_text(at, zone).replace("T", " ")
    if name == "closes" and draft.closes_in_days:
        return ngettext("after %(n)s day", "after %(n)s days", draft.closes_in_days) % {"n": draft.closes_in_days}
    return _("at no set time")


def _question_differences(at: int, theirs: Draft | None, yours: Draft | None) -> list[str]:
    if theirs is None or yours is None:
        words = (
            _("Question %(n)s is only in yours: “%(one)s”.")
            if yours
            else _("Question %(n)s is only in theirs: “%(one)s”.")
        )
        return [words % {"n": at, "one": _cut((theirs or yours or Draft("", "")).wording, 80)}]
    found = []
    for name, words in (
        ("wording", _("Question %(n)s: theirs is “%(theirs)s”, yours is “%(yours)s”.")),
        ("options", _("The options of question %(n)s: theirs are %(theirs)s.")),
        ("rows", _("The rows of question %(n)s: theirs are %(theirs)s.")),
        ("help", _("The help of question %(n)s: theirs is “%(theirs)s”, yours is “%(yours)s”.")),
        ("section", _("The section before question %(n)s: theirs is “%(theirs)s”, yours is “%(yours)s”.")),
        ("section_intro", _("The words under the section before question %(n)s: theirs are “%(theirs)s”.")),
    ):  # fmt: skip
        one, other = getattr(theirs, name), getattr(yours, name)
        if one != other:
            found.append(words % {"n": at, "theirs": _shown(one), "yours": _shown(other)})
    if theirs.show_if != yours.show_if:
        found.append(_("When question %(n)s is asked: the conditions differ.") % {"n": at})
    if (theirs.shuffled, theirs.keep_last) != (yours.shuffled, yours.keep_last):
        found.append(_("Question %(n)s: whether its options change their order.") % {"n": at})
    if (theirs.kind, theirs.settings, theirs.required) != (yours.kind, yours.settings, yours.required) or not found:
        found.append(_("Question %(n)s: its kind or its settings.") % {"n": at})
    return found


def _shown(value: str | tuple[str, ...]) -> str:
    return _cut(value, 80) if isinstance(value, str) else _cut(", ".join(value) or "–", 160)
