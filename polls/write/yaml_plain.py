"""YAML as people write it by hand: mappings, lists and texts, without tags, anchors and aliases.

YAML guesses: no is false, 1.10 a number, 2026-03-29 a day. Here a scalar is what its place in a poll asks for. It is
read as text, and one without quotes (`Plain`) becomes a number or true and false only where a poll has one. Pure.
"""

import contextlib
from typing import Any

import yaml  # type: ignore[import-untyped]

from heard.kit.i18n import _
from polls.kinds.kind import kinds
from polls.write.file_schema import Unreadable

FIGURES = ("heard_poll", "closes_in_days", "keep_last", "question", "number")
SWITCHES = ("anonymous", "listed", "may_change", "paged", "required", "shuffled")
NOTHING = ("", "~", "null")
LISTS = ("questions", "options", "rows", "conditions", "settings", "translations", "show_if")


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in Python takes 13 seconds for 200 kB of "[a,a,a…"


class Plain(str):
    """A scalar without quotes."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """The same list twice is written twice: an alias would be refused on the way in."""
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """YAML takes these for ends of lines too, and folds them outside double quotes, where they are escaped."""
    style = '"' if any(c in text for c in "\x85\u2028\u2029") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def written(tree: dict[str, Any]) -> str:
    """The tree in its order. Texts that YAML would guess at are quoted."""
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def read(text: str, *, deepest: int) -> Any:
    """The one document in a text. Raises Unreadable."""
    try:
        return _typed("", _tree(text, deepest))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = _(
            "The file is no YAML from line %(line)s, column %(column)s, on. A text with a colon or “?” may need quotes."
        )
        values = {"line": mark.line + 1, "column": mark.column + 1} if mark else {"line": 1, "column": 1}
        raise Unreadable(words % values) from error


def _tree(text: str, deepest: int) -> Any:
    """Built from the parser's events, so that nothing is composed, resolved or repeated that we did not ask for."""
    root: list[Any] = []
    open_ones: list[Any] = [root]
    names: list[str | None] = [None]  # of each open one: the name that waits for its value
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            words = _(
                "Line %(line)s has a tag, an anchor or an alias (!, &, *). A poll needs none; write the text out."
            )
            raise Unreadable(words % {"line": line})
        if isinstance(event, yaml.DocumentStartEvent) and (root or event.version or event.tags):
            raise Unreadable(_("The file holds more than one poll, or directives. Send one poll at a time."))
        if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            open_ones.pop()
            names.pop()
            continue
        if isinstance(event, yaml.ScalarEvent):
            value: Any = Plain(event.value) if event.implicit[0] else event.value
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        else:
            continue
        _put(open_ones[-1], names, value, line)
        if isinstance(value, dict | list):
            open_ones.append(value)
            names.append(None)
            if len(open_ones) > deepest:
                raise Unreadable(_("Line %(line)s is nested deeper than any poll.") % {"line": line})
    return root[0] if root else None


def _put(parent: Any, names: list[str | None], value: Any, line: int) -> None:
    if isinstance(parent, list):
        parent.append(value)
    elif names[-1] is not None:
        parent[names[-1]] = value
        names[-1] = None
    elif not isinstance(value, str):
        raise Unreadable(_("Line %(line)s has a name that is no text.") % {"line": line})
    elif str(value) in parent:
        words = _("Line %(line)s: “%(name)s” is there twice in one place.")
        raise Unreadable(words % {"line": line, "name": value[:60]})
    else:
        names[-1] = str(value)


def _typed(name: str, value: Any) -> Any:
    """What stands under this name, as a poll has it there. Goes as deep as the file, which was measured."""
    if isinstance(value, dict):
        if name == "translations":
            return {key: {k: str(v) for k, v in v.items()} if isinstance(v, dict) else v for key, v in value.items()}
        kind = str(value.get("kind", ""))
        return {key: _settings(kind, v) if key == "settings" else _typed(key, v) for key, v in value.items()}
    if isinstance(value, list):
        return [_typed("", v) for v in value]
    if not isinstance(value, Plain):
        return value
    if name in LISTS and value in NOTHING:
        return {} if name in ("settings", "translations", "show_if") else []
    if name in SWITCHES and value in ("true", "false"):
        return value == "true"
    if name in FIGURES or name in ("opens_at", "closes_at"):
        return None if value in NOTHING else _figure(value) if name in FIGURES else str(value)
    return str(value)


def _settings(kind: str, given: Any) -> Any:
    """Each kind has settings of its own: text where it has a text, and what a scalar looks like where it has none."""
    if not isinstance(given, dict):
        return _typed("settings", given)
    usual = kinds()[kind].default_settings if kind in kinds() else {}
    return {
        name: value if not isinstance(value, Plain) else str(value) if isinstance(usual.get(name), str) else _looks(value)
        for name, value in given.items()
    }  # fmt: skip


def _looks(value: str) -> Any:
    if value in NOTHING:
        return None
    return value == "true" if value in ("true", "false") else _figure(value)


def _figure(text: str) -> Any:
    """A number where it looks like one, and the text where it does not."""
    if len(text) <= 40 and text.lstrip("+-")[:1].isdigit() and text.isascii() and "_" not in text:
        for made in (int, float):
            with contextlib.suppress(ValueError):
                return made(text)
    return str(text)
