"""What the editor shows beside the fields: what conditions can look at, advice in its place, the rules in a sentence. Pure."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from heard.kit.i18n import _, day, ngettext, speaking
from polls.kinds.kind import Draft, Kind, kinds
from polls.write.drafts import MOST_OPTIONS, PollDraft
from polls.write.editor import EditorForm, field_errors
from polls.write.editor_schedule import moments_of

if TYPE_CHECKING:
    from polls.preview.advice import Advice


class Target(NamedTuple):
    """A question as a condition of another one sees it: its number and words, what can be asked of it, its options."""

    key: str
    n: int
    words: str
    operators: Sequence[str]
    labels: tuple[str, ...]  # what a condition can name
    lines: tuple[str, ...]  # options as they will be stored, without marks in front; none when they are too many
    rows: tuple[str, ...]


class Hint(NamedTuple):
    """An advice with its name in the form, "<question's key>:<part>:<code>", by which it can be put aside."""

    id: str
    words: str
    suggestion: str


def targets_of(form: EditorForm, draft: PollDraft) -> list[Target]:
    """Every question of the form, for the conditions of the others; `draft`: what the form says."""
    with speaking(form.locale):
        return [
            Target(
                q.key, n, _short(q.wording), (kinds().get(q.kind) or Kind()).operators, _labels(said),
                *(lines if len(lines) <= MOST_OPTIONS else () for lines in (said.options, said.rows)),
            )
            for n, (q, said) in enumerate(zip(form.questions, draft.questions, strict=False), 1)
        ]  # fmt: skip


def _labels(said: Draft) -> tuple[str, ...]:
    kind = kinds().get(said.kind)
    if kind is None or "is" not in kind.operators:
        return ()
    settings = {**kind.default_settings, **said.settings}
    pinned = tuple(label for _role, label in kind.pinned_options(settings))
    return (*(said.options[:MOST_OPTIONS] or kind.fixed_options(settings)), *pinned)


def _short(words: str, longest: int = 60) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def hints_of(form: EditorForm, draft: PollDraft) -> dict[str, list[Hint]]:
    """The advice on a draft by the id of the field it is about ("poll" for the whole), without what was put aside."""
    from polls.preview.advice import advice  # its patterns of words take 20 ms to compile

    found: dict[str, list[Hint]] = {}
    for at, said in _placed(form, advice(draft)):
        hint = Hint(f"{at.removeprefix('q-').replace('-', ':', 1)}:{said.code}", said.words, said.suggestion)
        if hint.id not in form.quiet:
            found.setdefault(at, []).append(hint)
    return found


def _placed(form: EditorForm, found: Iterable["Advice"]) -> Iterable[tuple[str, "Advice"]]:
    for said in found:
        [at] = field_errors(form, {said.path or "poll": ""})
        yield at, said


def rules_in_words(form: EditorForm, zone: str) -> str:
    """The poll's rules in a line, so that nobody has to open them."""
    opens, closes, days = moments_of(form.schedule, zone)
    words = [
        {
            "open": _("anyone may vote, any number of times"), "browser": _("one vote for each browser"),
            "network": _("one vote for each browser, few from one network"), "link": _("one vote for each personal link"),
            "sign_in": _("one vote for each signed-in person"),
        }.get(form.voter_rule, ""),
        _("anonymous") if form.anonymous else "",
        {
            "after_vote": _("results after voting"), "always": _("results for everyone"),
            "after_close": _("results once it is closed"), "never": _("results for your team only"),
        }.get(form.results_rule, ""),
        _("opens on %(day)s") % {"day": day(opens)} if opens else "",
        _("closes on %(day)s") % {"day": day(closes)} if closes
        else ngettext("closes after %(n)s day", "closes after %(n)s days", days) % {"n": days} if days
        else _("stays open until you close it"),
    ]  # fmt: skip
    line = " · ".join(word for word in words if word)
    return line[:1].upper() + line[1:]
