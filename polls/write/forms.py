"""Reading the editor's form so that nothing typed is lost, not even what cannot be stored."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from heard.kit.errors import BadInput
from heard.kit.web import Form, clean_text

LARGEST_TEXT = 4 * 1024 * 1024  # of one field; what is longer than a poll may hold is told at the field, and kept
MOST_FIELDS = 50_000  # 500 questions with their settings and conditions


class Typed(NamedTuple):
    """A form as it was sent. `refused`: the fields with characters that no database holds, shown as � in `form`."""

    form: Form
    refused: dict[str, str]


async def typed_form(request: Request) -> Typed:
    """The fields in order. What is larger than heard.edge lets through does not come here."""
    typed = Typed({}, {})
    async with request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_TEXT) as sent:
        for name, value in sent.multi_items():
            try:
                kept = clean_text(str(value))
            except BadInput as refused:
                typed.refused[name] = refused.message
                kept = "".join("�" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in str(value))
            typed.form.setdefault(name, []).append(kept)
    return typed


TypedForm = Annotated[Typed, Depends(typed_form, scope="function")]
