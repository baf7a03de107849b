"""What a program says of the questions of a file, checked and joined with what was chosen before. Nothing is written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from feedback.imports import mapping
from feedback.imports.mapping import LEFT_OUT, Choice
from feedback.imports.models import Import
from feedback.imports.previewing import Found, FoundQuestion
from heard.kit.errors import BadInput
from heard.kit.i18n import _


@dataclass(frozen=True)
class Said:
    """What is said of one question; None: as it was. `to` as in mapping.Choice."""

    id: str
    wording: str | None = None
    kind: str | None = None
    to: str | None = None


def chosen(found: Import, form: str, said: Sequence[Said], targets: Collection[str]) -> dict[str, Choice] | None:
    """The choices of an import with these changes; None where another format finds other questions.

    `targets`: ids that questions may go to, of the poll; none for a new poll. Raises BadInput, with fields by question.
    """
    if form != found.form or "found" not in found.mapping:
        if said:
            raise BadInput(
                _("The questions of this format are not known yet, so nothing was chosen."),
                hint=_("Choose the format first, then read the import: it names its questions."),
            )
        return None
    questions = {one.id: one for one in Found.from_json(found.mapping["found"]).questions}
    choices = mapping.choices_from(found.mapping)
    for one in said:
        choices[one.id] = _choice(one, questions.get(one.id), choices.get(one.id, Choice()), targets)
    return choices


def _choice(said: Said, asked: FoundQuestion | None, before: Choice, targets: Collection[str]) -> Choice:
    if asked is None:
        raise _wrong(said, _("The file has no question “%(id)s”.") % {"id": said.id[:80]})
    if said.kind is not None and said.kind not in asked.kinds:
        kinds = ", ".join(asked.kinds)
        raise _wrong(said, _("Its answers fit these kinds only: %(kinds)s.") % {"kinds": kinds})
    if said.to is not None and said.to != LEFT_OUT and said.to not in (targets or ("",)):
        raise _wrong(said, _("“%(to)s” is none of the targets of this import.") % {"to": said.to[:80]})
    changes = {name: value for name in ("wording", "kind", "to") if (value := getattr(said, name)) is not None}
    return replace(before, **changes)


def _wrong(said: Said, words: str) -> BadInput:
    return BadInput(words, hint=_("Read the import: it names what fits."), fields={said.id[:80]: words})
