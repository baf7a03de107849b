"""Reading the editor's form so that nothing typed is lost, not even what cannot be stored."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from heard.kit.errors import BadInput
from heard.kit.i18n import _
from heard.kit.web import FIELDS, LARGEST_FORM, Form, clean_text


class Typed(NamedTuple):
    """A form as it was sent. `refused`: the fields with characters that no database holds, shown as � in `form`."""

    form: Form
    refused: dict[str, str]


async def typed_form(request: Request) -> Typed:
    """The fields in order. Raises BadInput only for what is more than any form of ours."""
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM * 3:  # a letter may be sent as nine: %E2%80%99
        raise BadInput(_("This is more than the form can take."), hint=_("Shorten the longest text and send it again."))
    typed = Typed({}, {})
    async with request.form(max_files=0, max_fields=FIELDS, max_part_size=LARGEST_FORM) as sent:
        for name, value in sent.multi_items():
            try:
                kept = clean_text(str(value))
            except BadInput as refused:
                typed.refused[name] = refused.message
                kept = "".join("�" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in str(value))
            typed.form.setdefault(name, []).append(kept)
    return typed


TypedForm = Annotated[Typed, Depends(typed_form, scope="function")]
