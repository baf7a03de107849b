"""The editor's form: from a draft to its fields and back. Pure; what was typed is kept as it was typed.

Field names: title, intro, revision, the poll's rules; for each question a hidden `question` holds its key, whose order
is the order of the questions, and `q-<key>-wording`, `-kind`, `-options`, `-rows`, `-help`, `-required`, `-shuffled`,
`-keep_last`, `-section`, `-section_intro`, `-set-<kind>-<setting>`. A condition has a key of its own in `q-<key>-if`,
and `q-<key>-if-<condition>-on` (a question's key), `-op`, `-option` (labels), `-number`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from heard.kit.web import Form, first
from polls.kinds.kind import Draft, Kind, kinds
from polls.logic import Condition, ShowIf
from polls.write.drafts import MOST_CONDITIONS, MOST_QUESTIONS, PollDraft, title_from
from polls.write.editor_schedule import Schedule, moments_of, schedule_from, schedule_of
from polls.write.pasting import lines_of, options_from

PARTS = ("kind", "wording", "options", "rows", "help", "section", "section_intro", "show_if")
_KEY = re.compile(r"[0-9a-z]{1,12}")


@dataclass
class ConditionForm:
    """A condition as its fields stand. `on`: the key of the question it looks at, "" while none is chosen."""

    key: str
    on: str = ""
    operator: str = "is"
    options: tuple[str, ...] = ()
    number: str = ""


@dataclass
class QuestionForm:
    """A question as its fields stand; `settings` are texts by name."""

    key: str
    kind: str = "single"
    wording: str = ""
    options: str = ""
    help: str = ""
    required: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    rows: str = ""
    section: str = ""
    section_intro: str = ""
    shuffled: bool = False
    keep_last: str = ""
    when: str = "all"
    conditions: list[ConditionForm] = field(default_factory=list)
    field_id: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was written in it."""
        return not (self.wording or self.options or self.rows or self.section)


def fresh_question(key: str, kind: str = "single", wording: str = "", options: str = "") -> QuestionForm:
    """A question that somebody begins: its options are shuffled where they have no order of their own."""
    known = kinds().get(kind)
    return QuestionForm(key, kind, wording, options, shuffled=bool(known and known.nominal))


@dataclass
class EditorForm:
    """The whole form. `revision` 0: not stored yet. `removed`: questions that can be brought back, with their places;
    `quiet`: advice that was put aside, as "<question's key>:<part>:<code>"."""

    title: str = ""
    intro: str = ""
    locale: str = "en"
    voter_rule: str = "browser"
    results_rule: str = "after_vote"
    anonymous: bool = False
    listed: bool = True
    may_change: bool = True
    revision: int = 0
    questions: list[QuestionForm] = field(default_factory=lambda: [fresh_question("0")])
    paged: bool = False
    schedule: Schedule = field(default_factory=Schedule)
    removed: list[tuple[int, QuestionForm]] = field(default_factory=list)
    quiet: tuple[str, ...] = ()


def form_of(draft: PollDraft, revision: int, *, zone: str = "UTC") -> EditorForm:
    """The fields of a stored draft. A title that was taken from the first question stays empty, and follows it."""
    return EditorForm(
        "" if draft.title == title_from(draft.questions) else draft.title, draft.intro,
        draft.locale, draft.voter_rule, draft.results_rule, draft.anonymous, draft.listed,
        draft.may_change, revision,
        [_question_of(str(at), q) for at, q in enumerate(draft.questions)] or [fresh_question("0")],
        draft.paged, schedule_of(draft, zone),
    )  # fmt: skip


def _question_of(key: str, q: Draft) -> QuestionForm:
    return QuestionForm(
        key, q.kind, q.wording, _lines(q.options), q.help, q.required,
        {name: _typed(value) for name, value in q.settings.items()}, _lines(q.rows), q.section, q.section_intro,
        q.shuffled, str(q.keep_last or ""), q.show_if.when,
        [
            ConditionForm(str(n), str(c.on), c.operator, c.options, _typed(c.number))
            for n, c in enumerate(q.show_if.conditions)
        ], q.field_id,
    )  # fmt: skip


def _lines(labels: Sequence[str]) -> str:
    return "\n".join(" ".join(label.splitlines()) for label in labels)


def form_from(sent: Form) -> EditorForm:
    """The fields as they were sent, whatever is in them."""
    made = EditorForm(
        title=first(sent, "title"), intro=first(sent, "intro"), questions=[],
        revision=int(r) if (r := first(sent, "revision", "0")).isdecimal() and len(r) < 10 else 0,
        locale=first(sent, "locale", "en"), voter_rule=first(sent, "voter_rule", "browser"),
        results_rule=first(sent, "results_rule", "after_vote"), anonymous="anonymous" in sent, listed="listed" in sent,
        may_change="may_change" in sent, paged="paged" in sent, schedule=schedule_from(sent),
        quiet=tuple(dict.fromkeys(q[:80] for q in sent.get("quiet", ())[:500])),
    )  # fmt: skip
    keys = _keys(sent.get("question", ()), MOST_QUESTIONS + 1)
    made.questions = [_question_from(sent, key) for key in keys]
    for place in sent.get("removed", ())[:MOST_QUESTIONS]:
        key, _sep, at = place.partition(":")
        if _KEY.fullmatch(key) and key not in keys and at.isdecimal() and len(at) < 5:
            made.removed.append((int(at), _question_from(sent, key)))
    return made


def _keys(sent: Collection[str], most: int) -> list[str]:
    return [key for key in dict.fromkeys(sent) if _KEY.fullmatch(key)][:most]


def _question_from(sent: Form, key: str) -> QuestionForm:
    prefix = f"q-{key}-"
    kind = first(sent, prefix + "kind", "single")
    of_kind = f"{prefix}set-{kind}-"  # the fields of other kinds are there too, and are not meant
    return QuestionForm(
        key, kind, first(sent, prefix + "wording"), (sent.get(prefix + "options") or [""])[0],
        first(sent, prefix + "help"), prefix + "required" in sent,
        {name[len(of_kind) :]: first(sent, name) for name in sent if name.startswith(of_kind)},
        (sent.get(prefix + "rows") or [""])[0], first(sent, prefix + "section"), first(sent, prefix + "section_intro"),
        prefix + "shuffled" in sent, first(sent, prefix + "keep_last"), first(sent, prefix + "when", "all"),
        [_condition_from(sent, f"{prefix}if-{c}-", c) for c in _keys(sent.get(f"{prefix}if", ()), MOST_CONDITIONS + 1)],
        first(sent, prefix + "field_id"),
    )  # fmt: skip


def _condition_from(sent: Form, prefix: str, key: str) -> ConditionForm:
    return ConditionForm(
        key, first(sent, prefix + "on"), first(sent, prefix + "op", "is"), tuple(sent.get(prefix + "option", ())),
        first(sent, prefix + "number"),
    )  # fmt: skip


def fields_of(q: QuestionForm) -> list[tuple[str, str]]:
    """The names and values that `form_from` reads a question from: for one that waits, removed, to be brought back."""
    prefix = f"q-{q.key}-"
    texts = ("kind", "wording", "options", "rows", "help", "section", "section_intro", "keep_last", "when", "field_id")
    found = [(prefix + name, getattr(q, name)) for name in texts]
    found += [(prefix + name, "1") for name in ("required", "shuffled") if getattr(q, name)]
    found += [(f"{prefix}set-{q.kind}-{name}", text) for name, text in q.settings.items() if text]
    for c in q.conditions:
        of_it = f"{prefix}if-{c.key}-"
        found += [
            (f"{prefix}if", c.key),
            (f"{of_it}on", c.on),
            (f"{of_it}op", c.operator),
            (f"{of_it}number", c.number),
        ]
        found += [(f"{of_it}option", label) for label in c.options]
    return [(name, text) for name, text in found if text]


def draft_from(
    form: EditorForm, *, stored: PollDraft | None = None, zone: str = "UTC", unfinished: bool = True
) -> PollDraft:
    """What the fields say. Options that are stored already are taken as they stand; others are read as pasted text.

    A last question that was left wholly empty is left out; so is a condition whose question is gone, or is not chosen yet.
    A time that cannot be stands for none (`editor_schedule.problems`). `unfinished`: whether a condition without its
    options or number is taken too, for `checked` to refuse.
    """
    as_they_stand = {labels for q in stored.questions for labels in (q.options, q.rows)} if stored else set()
    asked = form.questions[:-1] if len(form.questions) > 1 and form.questions[-1].empty else form.questions
    places = {q.key: at for at, q in enumerate(asked)}
    opens_at, closes_at, closes_in_days = moments_of(form.schedule, zone)
    return PollDraft(
        form.title, tuple(_draft_question(q, as_they_stand, places, unfinished) for q in asked), form.intro, form.locale,
        form.voter_rule, form.results_rule, form.anonymous, form.listed, form.may_change, form.paged,
        opens_at, closes_at, closes_in_days, stored.translations if stored else {},
    )  # fmt: skip


def _draft_question(
    form: QuestionForm, as_they_stand: set[tuple[str, ...]], places: Mapping[str, int], unfinished: bool
) -> Draft:
    kind = kinds().get(form.kind)
    options, rows = (
        lines if lines in as_they_stand else tuple(options_from(text))
        for text in (form.options, form.rows)
        for lines in [tuple(lines_of(text))]
    )
    return Draft(
        form.kind, form.wording, options if kind and kind.has_options else (), form.help, form.required,
        settings_of(kind, form) if kind else {}, form.field_id, rows if kind and kind.has_rows else (), form.section,
        form.section_intro, form.shuffled and bool(kind and kind.nominal), _count(form.keep_last),
        _show_if(form, places, unfinished),
    )  # fmt: skip


def settings_of(kind: Kind, form: QuestionForm) -> dict[str, Any]:
    """Typed texts as the values the kind expects: a tick where its default is true or false, a number where it is one
    or nothing. An empty field is the default."""
    made: dict[str, Any] = {}
    for name, default in kind.default_settings.items():
        text = form.settings.get(name, "").strip()
        if isinstance(default, bool):
            made[name] = bool(text)
        elif (isinstance(default, int) or default is None) and re.fullmatch(r"-?\d{1,9}", text):
            made[name] = int(text)
        elif default is None and re.fullmatch(r"-?\d{1,12}[.,]\d{1,6}", text):
            made[name] = float(text.replace(",", "."))
        elif text or isinstance(default, str) or default is None:
            made[name] = text or default
    return made


def _show_if(form: QuestionForm, places: Mapping[str, int], unfinished: bool) -> ShowIf:
    made = [
        Condition(
            places[c.on], c.operator, c.options if c.operator in ("is", "is_not") else (),
            _figure(c.number) if c.operator in ("at_least", "at_most") else None,
        )
        for c in form.conditions if c.on in places
    ]  # fmt: skip
    if not unfinished:
        made = [c for c in made if c.operator.endswith("answered") or c.options or c.number is not None]
    return ShowIf(tuple(made), form.when)


def _figure(text: str) -> float | None:
    return float(text.replace(",", ".")) if re.fullmatch(r"-?\d{1,12}([.,]\d{1,6})?", text) else None


def _count(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,4}", text, re.ASCII) else 0


def _typed(value: Any) -> str:
    """A setting as its field holds it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def field_errors(form: EditorForm, fields: Mapping[str, str]) -> dict[str, str]:
    """The refusal's paths ("questions.0.options") as ids of the form's fields ("q-0-options")."""
    found: dict[str, str] = {}
    for path, why in fields.items():
        at, _sep, name = path.removeprefix("questions.").partition(".")
        if path.startswith("questions.") and at.isdigit() and int(at) < len(form.questions):
            found[f"q-{form.questions[int(at)].key}-{name if name in PARTS else 'more'}"] = why
        else:
            found[path] = why
    return found
