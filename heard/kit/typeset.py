"""Typst, in one place: a template of ours and data become a PDF or a picture.

What people wrote travels as JSON beside the template, never inside it: `#read("/etc/passwd")` is printed as it stands.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from heard.kit import glyphs, web


def typeset(template: str, data: Mapping[str, Any], *, form: Literal["pdf", "png", "svg"]) -> bytes:
    """A file of templates/ with `data` as "pdf", as "png" with a pixel a point, or as "svg", its letters drawn as shapes.

    The template reads sys.inputs.data, and sets its text in data.fonts.
    """
    import typst  # loaded on first use: a web worker starts without it

    shown = _drawable(data)
    fonts = glyphs.families(json.dumps(shown, ensure_ascii=False))
    inputs = {"data": json.dumps(shown | {"fonts": fonts}, ensure_ascii=False)}
    return typst.compile(
        source(template), font_paths=_fonts("CJK" in "".join(fonts)), ignore_system_fonts=True, sys_inputs=inputs,
        format=form, ppi=72,
    )  # fmt: skip


@cache
def source(template: str) -> bytes:
    """The text of a template."""
    return next(file for folder in web.TEMPLATES if (file := folder / template).is_file()).read_bytes()


@cache
def _fonts(east_asian: bool) -> Any:
    import typst

    file = glyphs.find_cjk()
    more = [file.parent] if file and east_asian else []
    return typst.Fonts(include_system_fonts=False, font_paths=[*glyphs.folders(), *more])


def _drawable(value: Any) -> Any:
    if isinstance(value, str):
        return glyphs.drawable(value)
    if isinstance(value, Mapping):
        return {name: _drawable(child) for name, child in value.items()}
    return [_drawable(child) for child in value] if isinstance(value, list | tuple) else value
