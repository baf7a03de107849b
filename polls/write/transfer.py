"""A poll as a file, out and in: JSON or YAML, for people to read, to keep and to carry to another Heard.

    heard_poll: 1                       the version of this format; all other fields may be left out
    title, intro, locale                words; locale: en or fr
    voter_rule, results_rule            as in the API
    anonymous, listed, may_change, paged    true or false
    opens_at, closes_at                 2026-03-29T14:30:00+02:00; closes_in_days: 1 to 366
    questions:
      - kind, wording, help, required, options, rows, settings, field_id, section, section_intro, shuffled, keep_last
        show_if:
          when: all | any
          conditions:
            - question: 1               by its place, from 1
              operator: is              is, is_not, at_least, at_most, answered, not_answered
              options: [Monday]         by their labels; number: 3 for at_least and at_most
    translations:
      fr:
        Which day?: Quel jour ?         by the text that is translated

What has its usual value is left out on the way out. Votes, ids and addresses are never in it. On the way in, everything
goes through the same check as the editor, and a file that cannot be taken as a whole is not taken at all. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from heard.kit.errors import BadInput
from heard.kit.i18n import _, number
from heard.kit.web import clean_text
from polls.kinds.kind import Draft
from polls.write.drafts import PollDraft, checked
from polls.write.file_schema import PollFile, Unreadable

LARGEST = 256 * 1024  # characters of a file, and bytes of an upload
DEEPEST = 12


def written(draft: PollDraft, form: str) -> str:
    """The draft as "json" or "yaml"."""
    tree = _tree(draft)
    if form == "json":
        return json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
    from polls.write import yaml_plain  # with the library for YAML, here and below

    return yaml_plain.written(tree)


def read(text: str) -> PollDraft:
    """The poll in a file, checked as the editor checks it.

    Raises BadInput whose `fields` are paths such as questions.0.show_if.conditions.0.operator.
    """
    if len(text) > LARGEST:
        values = {"n": number(len(text)), "most": number(LARGEST)}
        raise _refused(_("The file has %(n)s characters; %(most)s are the most a poll may have.") % values)
    text = clean_text(text.removeprefix("\ufeff"))
    if not text.strip():
        raise _refused(_("The file is empty."))
    tree = _parsed(text)
    if not isinstance(tree, dict):
        raise _refused(_("This is no poll: a poll begins with “heard_poll: 1” and has fields with names."))
    _clean(tree)
    try:
        found = PollFile.model_validate(tree)
    except ValidationError as error:
        raise _told(error) from error
    return checked(found.as_draft())


def _parsed(text: str) -> Any:
    try:
        if text.lstrip().startswith("{"):
            return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        from polls.write import yaml_plain

        return yaml_plain.read(text, deepest=DEEPEST)
    except json.JSONDecodeError as error:
        values = {"line": error.lineno, "column": error.colno}
        raise _refused(_("The file is no JSON: line %(line)s, column %(column)s.") % values) from error
    except (RecursionError, ValueError) as error:
        raise _refused(_("The file holds something that no poll needs: a number or a nesting without end.")) from error
    except Unreadable as error:
        raise _refused(str(error)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(_("“%(name)s” is there twice in one place.") % {"name": name[:60]})
        found[name] = value
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _clean(tree: Any) -> None:
    """Raises BadInput for text that no database holds, wherever it is."""
    pending = [tree]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            clean_text(value)
        elif isinstance(value, dict):
            pending += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            pending += value


def _told(error: ValidationError) -> BadInput:
    """Pydantic's finding in plain words, by path."""
    told = {}
    for found in error.errors(include_url=False, include_context=False, include_input=False)[:20]:
        path = ".".join(str(part) for part in found["loc"])[:200]
        words = {
            "extra_forbidden": _("A poll has no field “%(path)s”."),
            "missing": _("“%(path)s” is missing."),
        }.get(found["type"], _("“%(path)s” is not what stands there in a poll: %(why)s."))
        told[path] = words % {"path": path, "why": found["msg"]}
    return _refused(next(iter(told.values())), told)


def _refused(words: str, found: Mapping[str, str] | None = None) -> BadInput:
    hint = _("Nothing was made. Put it right in the file and send it again.")
    return BadInput(words, hint=hint, fields=dict(found or {"file": words}))


def _tree(draft: PollDraft) -> dict[str, Any]:
    tree = {"heard_poll": 1, **_written(draft)}
    tree["questions"] = [_question(q) for q in draft.questions]
    if translations := {language: dict(words) for language, words in draft.translations.items() if words}:
        tree["translations"] = tree.pop("translations", translations)
    return tree


def _question(draft: Draft) -> dict[str, Any]:
    tree = _written(draft)
    if draft.show_if:
        tree["show_if"] = {
            "when": draft.show_if.when,
            "conditions": [
                {"question": c.on + 1, "operator": c.operator}
                | ({"options": list(c.options)} if c.options else {})
                | ({"number": int(c.number) if c.number == int(c.number) else c.number} if c.number is not None else {})
                for c in draft.show_if.conditions
            ],
        }
    return tree


def _written(draft: PollDraft | Draft) -> dict[str, Any]:
    """The fields that differ from the usual value, as JSON has them; what is nested in a way of its own is left out."""
    tree: dict[str, Any] = {}
    for field in fields(draft):
        value = getattr(draft, field.name)
        if field.name in ("questions", "show_if") or value == field.default or value is None:
            continue
        if field.default_factory is not MISSING and value == field.default_factory():
            continue
        if isinstance(value, datetime):
            value = value.isoformat()
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, Mapping):
            value = {k: dict(v) if isinstance(v, Mapping) else v for k, v in value.items()}
        tree[field.name] = value
    return tree
