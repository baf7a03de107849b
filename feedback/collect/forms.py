"""A ballot's form as it was sent, kept whatever is wrong with it."""

from fastapi import Request

from heard.kit.errors import BadInput
from heard.kit.web import LARGEST_FORM, Form, read_form


async def read(request: Request) -> tuple[Form, BadInput | None]:
    """The form; if it holds what no database stores, the rest of it and the refusal: nothing typed is lost."""
    try:
        return await read_form(request), None
    except BadInput as refusal:
        if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
            return {}, refusal
        form: Form = {}
        for name, value in (await request.form()).multi_items():
            form.setdefault(name, []).append(_storable(str(value)))
        return form, refusal


def _storable(text: str) -> str:
    return "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")
